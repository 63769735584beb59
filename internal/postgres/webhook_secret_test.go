package postgres_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/notify/webhook"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// rawSecret is a secret as it is signed with.
func rawSecret(t *testing.T, shown string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(shown, engine.SecretPrefix))
	require.NoError(t, err)
	require.Len(t, raw, 32)
	return raw
}

// dump is every table of the database, as COPY writes them: bytes in hex.
func (w world) dump() string {
	w.t.Helper()
	rows, err := w.pool.Query(w.t.Context(), `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'`)
	require.NoError(w.t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(w.t, err)
	conn, err := w.pool.Acquire(w.t.Context())
	require.NoError(w.t, err)
	defer conn.Release()
	var out bytes.Buffer
	for _, table := range tables {
		_, err := conn.Conn().PgConn().CopyTo(w.t.Context(), &out, `COPY `+pgx.Identifier{table}.Sanitize()+` TO STDOUT`)
		require.NoError(w.t, err)
	}
	return out.String()
}

// asBefore stores secrets as an earlier program did: as they are.
func (w world) asBefore(hook string, raw []byte) {
	w.t.Helper()
	w.exec(`UPDATE webhook_secrets SET secret = $2, key_id = NULL WHERE webhook_id = $1`, hook, raw)
}

// due lets everything that waits go out now.
func (w world) due() {
	w.t.Helper()
	w.exec(`UPDATE deliveries SET available_at = now() WHERE available_at < 'infinity'; UPDATE webhooks SET retry_at = now()`)
}

func claimOf(t *testing.T, l *postgres.Ledger) []engine.Delivery {
	t.Helper()
	list, err := l.ClaimDeliveries(t.Context(), anyNumber, anyNumber, claimLease, nil)
	require.NoError(t, err)
	return list
}

func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	first := w.hook("k")
	second, err := w.RotateWebhook(t.Context(), agency, first.ID, time.Hour)
	require.NoError(t, err)
	w.start("a")
	w.announced()
	require.Equal(t, [][]byte{rawSecret(t, second.Secret), rawSecret(t, first.Secret)}, w.claim()[0].Secrets)
	forms := func(shown string) []string {
		raw := rawSecret(t, shown)
		return []string{hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw)}
	}
	dump := w.dump()
	require.Contains(t, dump, "https://portal.example/k", "it is a dump of everything")
	for _, form := range append(forms(first.Secret), forms(second.Secret)...) {
		require.NotContains(t, dump, form)
	}
	w.asBefore(first.ID, rawSecret(t, first.Secret))
	require.Contains(t, w.dump(), forms(first.Secret)[0], "and would show one that is not sealed")
}

// TestSecretsRotate: what a subscriber was given once verifies deliveries under
// every key of the ring that its secret was sealed by.
func TestSecretsRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	hook, plain := w.hook("k"), w.hook("from-before")
	w.asBefore(plain.ID, rawSecret(t, plain.Secret))
	w.start("a")
	w.announced()

	got := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		knows := map[string]string{"/" + hook.ID: hook.Secret, "/" + plain.ID: plain.Secret}[r.URL.Path]
		body, _ := io.ReadAll(r.Body)
		subscriber, err := standardwebhooks.NewWebhook(knows)
		if err == nil {
			err = subscriber.Verify(body, r.Header)
		}
		got <- err
	}))
	t.Cleanup(s.Close)
	w.exec(`UPDATE webhooks SET url = $1 || '/' || id`, s.URL)
	sender := webhook.New(webhook.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	verified := func(l *postgres.Ledger) {
		t.Helper()
		w.due()
		list := claimOf(t, l)
		require.Len(t, list, 2)
		for _, d := range list {
			require.Equal(t, http.StatusOK, sender.Send(t.Context(), d).Status)
			require.NoError(t, <-got, d.Webhook)
		}
	}
	verified(w.Ledger)

	file := pgtest.KeyFile()
	next := file.Add(time.Now())
	both := w.with(file)
	verified(both)
	require.NoError(t, both.Rewrap(t.Context(), func(int) {}))
	require.Equal(t, 2, w.count(`SELECT count(*) FROM webhook_secrets WHERE key_id = $1`, next), "also the one that was not sealed")
	uses, err := both.KeyUses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []postgres.KeyUse{{ID: next, Dossiers: 1, Secrets: 2}}, uses)
	n, err := both.SealSecrets(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "nothing is left to do")
	require.NoError(t, file.Remove("test-1"))
	verified(w.with(file))
}

func TestSecretsFromBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	one, two := w.hook("one"), w.hook("two")
	w.asBefore(one.ID, rawSecret(t, one.Secret))
	w.asBefore(two.ID, rawSecret(t, two.Secret))
	_, err := w.RotateWebhook(t.Context(), agency, one.ID, time.Hour)
	require.NoError(t, err)
	require.Zero(t, w.count(`SELECT count(*) FROM webhook_secrets WHERE webhook_id = 'one' AND key_id IS NULL`), "a rotation seals the one before, too")
	n, err := w.SealSecrets(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NotContains(t, w.dump(), hex.EncodeToString(rawSecret(t, two.Secret)))
	w.start("a")
	w.announced()
	for _, d := range w.claim() {
		shown := map[string]string{one.ID: one.Secret, two.ID: two.Secret}[d.Webhook]
		require.Equal(t, rawSecret(t, shown), d.Secrets[len(d.Secrets)-1])
	}
}

// TestSecretsWithoutTheirKey: nothing is made that could not be sealed, nothing
// is sent that could not be signed, and nothing is lost meanwhile.
func TestSecretsWithoutTheirKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	hook, other := w.hook("k"), w.hook("other")
	w.start("a")
	w.announced()
	keyless := postgres.New(w.pool, postgres.Options{Compile: compile})
	_, err := keyless.CreateWebhook(t.Context(), portal, "new", engine.Webhook{URL: "https://portal.example/new"})
	requireCode(t, engine.CodeUnavailable, err)
	_, err = keyless.RotateWebhook(t.Context(), agency, hook.ID, 0)
	requireCode(t, engine.CodeUnavailable, err)
	require.Equal(t, 2, w.count(`SELECT count(*) FROM webhooks`))
	require.Equal(t, 2, w.count(`SELECT count(*) FROM webhook_secrets WHERE until_at = 'infinity'`), "what failed changed nothing")

	file := pgtest.KeyFile()
	file.Add(time.Now())
	require.NoError(t, file.Remove("test-1"))
	for _, l := range []*postgres.Ledger{keyless, w.with(file)} {
		require.Empty(t, claimOf(t, l))
		_, err = l.TidyDeliveries(t.Context(), claimLease)
		requireCode(t, engine.CodeUnavailable, err)
		require.ErrorContains(t, err, `"test-1"`, "it names the key")
		_, err = l.SealSecrets(t.Context())
		requireCode(t, engine.CodeUnavailable, err)
	}
	require.Zero(t, w.count(`SELECT count(*) FROM deliveries WHERE attempts > 0`))
	renewed, err := w.with(file).RotateWebhook(t.Context(), agency, hook.ID, 0)
	require.NoError(t, err, "who has lost the key makes a new secret")
	list := claimOf(t, w.with(file))
	require.Len(t, list, 1)
	require.Equal(t, [][]byte{rawSecret(t, renewed.Secret)}, list[0].Secrets)

	w.exec(`UPDATE webhook_secrets SET secret = (SELECT secret FROM webhook_secrets WHERE webhook_id = 'other') WHERE webhook_id = $1`, hook.ID)
	w.exec(`UPDATE webhook_secrets SET key_id = 'test-1'`)
	w.due()
	list, err = w.ClaimDeliveries(t.Context(), anyNumber, anyNumber, claimLease, nil)
	require.ErrorContains(t, err, "secret of webhook "+hook.ID, "the secret of another subscription does not open here")
	require.Len(t, list, 1, "the other one gets its own")
	require.Equal(t, other.ID, list[0].Webhook)
}
