package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	key := engine.AnswerKey{Agency: agency, Kind: engine.ActorOfficer, Actor: "an", Key: "k1"}
	claim := func(k engine.AnswerKey, digest string) (*engine.KeptAnswer, error) {
		return w.ClaimAnswer(t.Context(), k, digest)
	}
	first, err := claim(key, "d1")
	require.NoError(t, err)
	require.Nil(t, first, "it is to be carried out")
	_, err = claim(key, "d1")
	requireCode(t, engine.CodeUnavailable, err)

	answer := engine.KeptAnswer{Status: 201, Headers: map[string]string{"Location": "/x"}, Body: []byte("{}")}
	require.NoError(t, w.KeepAnswer(t.Context(), key, answer))
	again, err := claim(key, "d1")
	require.NoError(t, err)
	require.Equal(t, &answer, again)
	_, err = claim(key, "d2")
	requireCode(t, engine.CodeIdempotencyConflict, err)
	require.NoError(t, w.DropAnswer(t.Context(), key), "an answer stays")
	again, err = claim(key, "d1")
	require.NoError(t, err)
	require.NotNil(t, again)

	t.Run("is somebody's own", func(t *testing.T) {
		other := key
		other.Actor = "binh"
		a, err := claim(other, "d2")
		require.NoError(t, err)
		require.Nil(t, a)
		require.NoError(t, w.DropAnswer(t.Context(), other))
		a, err = claim(other, "d3")
		require.NoError(t, err)
		require.Nil(t, a, "what came to nothing may be asked anew")
	})

	t.Run("of whoever died is free after a minute", func(t *testing.T) {
		dead := key
		dead.Key = "k2"
		_, err := claim(dead, "d1")
		require.NoError(t, err)
		w.exec(`UPDATE answers SET claimed_at = claimed_at - interval '61 s' WHERE key = 'k2'`)
		_, err = claim(dead, "d2")
		requireCode(t, engine.CodeIdempotencyConflict, err)
		a, err := claim(dead, "d1")
		require.NoError(t, err)
		require.Nil(t, a)
	})

	t.Run("is forgotten after some days", func(t *testing.T) {
		w.exec(`UPDATE answers SET claimed_at = claimed_at - interval '4 d'`)
		fresh := key
		fresh.Key = "k3"
		_, err := claim(fresh, "d1")
		require.NoError(t, err)
		require.Equal(t, 1, w.count(`SELECT count(*) FROM answers`))
	})

	t.Run("goes to one of many who ask at once", func(t *testing.T) {
		race := key
		race.Key = "k4"
		won := 0
		for _, a := range parallel(16, func(int) error { _, err := claim(race, "d1"); return err }) {
			if a == nil {
				won++
			} else {
				requireCode(t, engine.CodeUnavailable, a)
			}
		}
		require.Equal(t, 1, won)
	})
}
