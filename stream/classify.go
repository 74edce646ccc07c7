package stream

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// verdict is what an error means for the next dial.
type verdict struct {
	class     protocol.CloseClass
	wait      time.Duration
	relogin   bool // counts as rejected credentials
	untrusted bool // a certificate: permanent on the first connect, later a reason to stay away
}

// judge classes the end of a session or dial. The most specific thing said wins.
func (l *Link) judge(err error) verdict {
	var (
		session *SessionError
		limited *RateLimitError
		refused *VenueError
		upgrade *UpgradeError
		closed  *CloseError
	)
	switch {
	case errors.As(err, &session):
		return verdict{class: session.Class, wait: session.Wait}
	case errors.Is(err, ErrPinMismatch):
		return verdict{class: protocol.ClosePermanent}
	case errors.As(err, &limited):
		return verdict{class: protocol.CloseCoolDown, wait: limited.RetryAfter}
	case errors.As(err, &refused):
		return judgeRefusal(refused.Known)
	case errors.As(err, &upgrade):
		return verdict{class: upgrade.Class, wait: upgrade.Wait}
	case errors.As(err, &closed):
		return verdict{class: closed.Class, wait: closed.Wait}
	case isUntrusted(err):
		return verdict{untrusted: true}
	}
	return verdict{}
}

func judgeRefusal(known *protocol.ErrorCode) verdict {
	if known == nil {
		return verdict{}
	}
	switch known.Retry {
	case protocol.RetryNever:
		return verdict{class: protocol.ClosePermanent}
	case protocol.RetryCoolDown:
		return verdict{class: protocol.CloseCoolDown, wait: known.Wait}
	case protocol.RetryRelogin:
		return verdict{relogin: true}
	}
	return verdict{wait: known.Wait}
}

func isUntrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) ||
		errors.As(err, &hostname) || errors.As(err, &invalid)
}
