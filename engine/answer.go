package engine

// AnswerKey names a request by who sent it and under which idempotency key.
type AnswerKey struct {
	Agency string
	Kind   ActorKind
	Actor  string
	Key    string
}

// KeptAnswer is what a request was answered, for repetitions of it.
type KeptAnswer struct {
	Status  int
	Headers map[string]string
	Body    []byte
}
