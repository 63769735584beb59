package engine

import "time"

// Session is the time an officer is signed in, in one browser. The token that
// proves it is not part of it: only its bearer has it.
type Session struct {
	ID      int64  `json:"id"`
	Officer string `json:"officer"`
	// Issuer is who vouched for the officer; empty: the development sign-in.
	Issuer    string    `json:"issuer,omitempty"`
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"`
}

// SessionLimits say how long a session may last and how long a token.
type SessionLimits struct {
	// Idle is the longest pause between two requests.
	Idle time.Duration
	// Absolute is the longest time since signing in, however busy.
	Absolute time.Duration
	// Rotate is after how long a token is exchanged for a new one.
	Rotate time.Duration
}

// WithDefaults fills in what is not said: half an hour of pause, a working day
// with overtime, a new token every quarter of an hour.
func (l SessionLimits) WithDefaults() SessionLimits {
	if l.Idle == 0 {
		l.Idle = 30 * time.Minute
	}
	if l.Absolute == 0 {
		l.Absolute = 12 * time.Hour
	}
	if l.Rotate == 0 {
		l.Rotate = 15 * time.Minute
	}
	return l
}

// Identity is a person as an issuer of OpenID Connect vouches for them.
type Identity struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"` // stable at the issuer and never given to another person
	// Claimed is the officer's id by the claim that was agreed upon; empty
	// where the issuer says none.
	Claimed string `json:"-"`
}
