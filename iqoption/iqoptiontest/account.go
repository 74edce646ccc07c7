package iqoptiontest

import (
	"strings"
	"sync"
	"time"

	"github.com/venuewire/venuewire/iqoption"
	"github.com/venuewire/venuewire/stream/streamtest"
	"github.com/venuewire/venuewire/wire"
)

// Account is a user of the fake venue. Zero members get the values of [DefaultAccount].
type Account struct {
	Identifier string // e-mail address of the login
	Password   string
	// TwoFactor is the method of the second factor: sms, email or push; "" is none.
	TwoFactor string
	// Code is what the user has to type in for it.
	Code   string
	UserID int64
	// Real and Demo are the amounts of the two balances at the start, in USD.
	Real, Demo wire.Decimal
}

// DefaultIdentifier is the login of the default account; its password is streamtest.CanaryPassword.
const DefaultIdentifier = "trader@venue.test"

// DefaultAccount returns the account of a server without [WithAccounts]: no second factor, 10,000 on the demo balance.
func DefaultAccount() Account {
	return Account{
		Identifier: DefaultIdentifier, Password: streamtest.CanaryPassword, Code: "123456",
		UserID: 100_000_001, Demo: wire.NewDecimal(10_000, 0),
	}
}

// DemoID is the id of the account's demo balance.
func (a Account) DemoID() iqoption.BalanceID { return iqoption.BalanceID(a.UserID*10 + 4) }

// RealID is the id of the account's balance of real money.
func (a Account) RealID() iqoption.BalanceID { return iqoption.BalanceID(a.UserID*10 + 1) }

const (
	groupID  = 191 // user group that payouts are asked for
	platform = 82  // of the client, as positions tell it
)

// account is the state of an account.
type account struct {
	Account
	created time.Time

	mu       sync.Mutex
	balances []*balance
	options  []*option // oldest first
}

type balance struct {
	id     iqoption.BalanceID
	kind   iqoption.BalanceType
	amount money
	start  money
	index  int64 // grows with every change
}

func newAccount(a Account, now time.Time) *account {
	def := DefaultAccount()
	if a.Identifier == "" {
		a.Identifier = def.Identifier
	}
	if a.Password == "" {
		a.Password = def.Password
	}
	if a.Code == "" {
		a.Code = def.Code
	}
	if a.UserID == 0 {
		a.UserID = def.UserID
	}
	if a.Demo == (wire.Decimal{}) {
		a.Demo = def.Demo
	}
	own, _ := moneyOf(a.Real)
	demo, _ := moneyOf(a.Demo)
	return &account{Account: a, created: now.AddDate(-1, 0, 0).Truncate(time.Second), balances: []*balance{
		{id: a.RealID(), kind: iqoption.BalanceTypeReal, amount: own, start: own},
		{id: a.DemoID(), kind: iqoption.BalanceTypeDemo, amount: demo, start: demo},
	}}
}

func (a *account) balance(id iqoption.BalanceID) *balance {
	for _, b := range a.balances {
		if b.id == id {
			return b
		}
	}
	return nil
}

// record is a balance as get-balances answers it.
func (a *account) record(b *balance) iqoption.Balance {
	v := iqoption.Balance{
		ID: b.id, UserID: a.UserID, Type: b.kind, Amount: b.amount.decimal(), EnrolledAmount: b.amount.decimal(),
		EnrolledSumAmount: b.amount.decimal(), Currency: "USD", IsFiat: true, Equivalent: b.amount.decimal(),
	}
	v.BonusAmount.Set(wire.Decimal{})
	wire.SetNull(&v.TournamentID)
	wire.SetNull(&v.TournamentName)
	return v
}

// changed is the event of a balance after a change.
func (a *account) changed(b *balance) *iqoption.BalanceChanged {
	return &iqoption.BalanceChanged{ID: b.id, UserID: a.UserID, CurrentBalance: iqoption.CurrentBalance{
		ID: b.id, Type: b.kind, Index: b.index, Amount: b.amount.decimal(), NewAmount: b.amount.decimal(),
		EnrolledAmount: b.amount.decimal(), Currency: "USD", IsFiat: true,
	}}
}

// profile is the account's profile. Personal members hold the identifier or invented text.
func (a *account) profile() iqoption.Profile {
	a.mu.Lock()
	defer a.mu.Unlock()
	demo := a.balance(a.DemoID())
	name, _, _ := strings.Cut(a.Identifier, "@")
	p := iqoption.Profile{
		AccountStatus: "NONE", Balance: demo.amount.decimal(), BalanceID: demo.id, BalanceType: demo.kind,
		ClientCategoryID: 8, CompanyID: 1, ConfirmedPhones: []string{}, CountryID: 1, Created: a.created, Currency: "USD",
		CurrencyChar: "$", CurrencyID: 5, Email: a.Identifier, FirstName: name, Flag: "XX", GroupID: groupID, ID: a.UserID,
		IsActivated: true, LastName: "Fake", Locale: "en_US", Mask: "$%s", Name: name + " Fake", Nickname: name,
		SiteID: 1, SSID: true, TZ: "UTC", UserGroup: "Default", UserID: a.UserID, Popup: []wire.Raw{}, Balances: []wire.Raw{},
	}
	p.AuthTwoFactor.Set(a.TwoFactor != "")
	p.NeedPhoneConfirmation.Set(false)
	wire.SetNull(&p.TournamentsIDs)
	wire.SetNull(&p.UserCircle)
	wire.SetNull(&p.Birthdate)
	return p
}

func (s *Server) getProfile(p *peer, _ *streamtest.Call) answer {
	v := iqoption.ProfileEnvelope{IsSuccessful: true, Message: []string{}}
	v.Result.Set(p.account.profile())
	return data(streamtest.JSON(v))
}

func (s *Server) getBalances(p *peer, c *streamtest.Call) answer {
	var q iqoption.BalancesQuery
	if err := q.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a := p.account
	a.mu.Lock()
	defer a.mu.Unlock()
	out := []iqoption.Balance{}
	for _, b := range a.balances {
		if contains(q.Types, b.kind) {
			out = append(out, a.record(b))
		}
	}
	return data(wire.AppendList(nil, out, wire.WriteObject[iqoption.Balance]))
}

// contains tells whether v is wanted; an empty list wants everything.
func contains[T comparable](list []T, v T) bool {
	for _, w := range list {
		if w == v {
			return true
		}
	}
	return len(list) == 0
}

func (s *Server) resetTrainingBalance(p *peer, c *streamtest.Call) answer {
	var r iqoption.ResetTrainingBalanceRequest
	if err := r.UnmarshalJSON(orEmpty(c.Request)); err != nil {
		return badRequest(err)
	}
	a := p.account
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.balance(a.DemoID())
	amount := b.start
	if c.Request != nil {
		to, ok := moneyOf(r.Amount)
		if !ok || to < 0 || r.UserBalanceID != b.id {
			return invalid("user_balance_id", "is not a training balance")
		}
		amount = to
	}
	b.amount, b.index = amount, b.index+1
	reply := iqoption.ResetTrainingBalanceReply{IsSuccessful: true}
	return answer{payload: streamtest.JSON(reply), pushes: func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		s.pushBalance(a, b)
	}}
}

// pushBalance tells the account's sessions of a changed balance. The account is locked.
func (s *Server) pushBalance(a *account, b *balance) {
	msg := streamtest.JSON(a.changed(b))
	for _, p := range s.peersOf(a) {
		if p.wants("balance-changed") || p.wants("internal-billing.balance-changed") {
			s.push(p.session, "internal-billing", "balance-changed", msg)
		}
		if p.wants("balances.balance-changed") {
			s.push(p.session, "balances", "balance-changed", msg)
		}
	}
}

// BalanceOf returns a balance as it is now.
func (s *Server) BalanceOf(id iqoption.BalanceID) (iqoption.Balance, bool) {
	for _, a := range s.accounts {
		a.mu.Lock()
		b := a.balance(id)
		if b != nil {
			v := a.record(b)
			a.mu.Unlock()
			return v, true
		}
		a.mu.Unlock()
	}
	return iqoption.Balance{}, false
}
