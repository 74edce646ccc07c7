package krakenauth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"

	"github.com/venuewire/venuewire/stream"
)

// Sign returns the API-Sign header of a REST request: base64 of HMAC-SHA512, by the private key, over the path and the
// SHA256 of nonce and body. The path begins at /0/private; the body is the raw one, form or JSON, and has the nonce too.
//
// Source: guide spot-rest-auth of docs.kraken.com.
func Sign(secret stream.Secret, path, nonce, body string) (string, error) {
	key, err := base64.StdEncoding.DecodeString(secret.Reveal())
	if err != nil {
		return "", errors.New("krakenauth: the private key is not base64")
	}
	inner := sha256.Sum256([]byte(nonce + body))
	mac := hmac.New(sha512.New, key)
	_, _ = mac.Write([]byte(path)) // never fails
	_, _ = mac.Write(inner[:])
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
