package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

const approver = "yen.luu"

// publishReformed publishes a version of birth registration whose steps take
// some time, under a code of its own, so that no other test meets it.
func publishReformed(t *testing.T, code, version, effective, within, statutory string) {
	t.Helper()
	publishEdited(t, code, version, effective, "within: 2s", "within: "+within, "statutory: 10m", "statutory: "+statutory)
}

// publishEdited publishes birth registration in seconds under a code of its
// own, with some words replaced.
func publishEdited(t *testing.T, code, version, effective string, replaced ...string) {
	t.Helper()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	for _, s := range shipped {
		if s.Machine.Code != birth {
			continue
		}
		text := strings.NewReplacer(append(replaced,
			`"`+birth+`"`, `"`+code+`"`, "version: 2\n", "version: "+version+"\n", "effective: {from: 2025-07-01}", "effective: {from: "+effective+"}",
		)...).Replace(inSeconds.Replace(string(s.Text)))
		m, findings := definitions.Read("reformed birth", []byte(text))
		require.NoError(t, findings.Err())
		require.Equal(t, code, m.Code)
		require.NoError(t, w.ledger.PutVersion(context.Background(), m, []byte(text)))
	}
}

// openReformed starts a dossier of it that is accepted.
func openReformed(t *testing.T, code string) string {
	t.Helper()
	body := births()
	body["procedure"] = code
	r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "", body)
	require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
	var started struct{ Code string }
	r.into(t, &started)
	fire(t, reception, started.Code, "accept")
	return started.Code
}

func migration(t *testing.T, place string) engine.MigrationRecord {
	t.Helper()
	var m engine.MigrationRecord
	r := send(t, approver, http.MethodGet, place, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	r.into(t, &m)
	return m
}

// TestMigratedDossierWakesAtItsNewMoment moves a dossier whose workflow sleeps
// for an hour to a version by which it has ten seconds.
func TestMigratedDossierWakesAtItsNewMoment(t *testing.T) {
	const reformed = "9.309001"
	publishReformed(t, reformed, "1", "2025-07-01", "3600s", "1440m")
	dossier := openReformed(t, reformed)
	entered := lastEntered(t, dossier)
	eventually(t, "its workflow runs", func() bool { return running(t, dossier) })

	publishReformed(t, reformed, "2", "2025-07-02", "10s", "600m")
	require.Equal(t, 1, show(t, dossier).Version, "publishing moves nobody")
	move := map[string]any{"from": 1, "to": 2, "reason": "309/2026/NĐ-CP", "preview": true}
	path := "/api/v1/procedures/" + reformed + "/migrations"
	r := send(t, approver, http.MethodPost, path, "", move)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var foreseen, results engine.MigrationPage
	r.into(t, &foreseen)
	require.Equal(t, engine.MigrationMigrated, foreseen.Outcomes[0].Result, "%s", r.Body)

	move["preview"] = false
	r = send(t, approver, http.MethodPost, path, "", move)
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	place := r.Header.Get("Location")
	eventually(t, "the migration ends", func() bool { return migration(t, place).State == engine.MigrationDone })
	send(t, approver, http.MethodGet, place+"/results", "", nil).into(t, &results)
	require.Equal(t, foreseen, results)
	require.Equal(t, 2, show(t, dossier).Version)

	eventually(t, "the ladder of the new step fires", func() bool { return len(rungs(t, dossier)) == 3 })
	fired := rungs(t, dossier)
	require.Equal(t, wholeLadder, said(fired))
	for i, after := range []time.Duration{7500 * time.Millisecond, 10 * time.Second, 11 * time.Second} {
		require.WithinDuration(t, entered.At.Add(after), fired[i].At, 2*time.Millisecond, "%s at its own moment", fired[i].Rung.Rung)
		if !fired[i].RecordedAt.IsZero() {
			require.WithinDuration(t, fired[i].At, fired[i].RecordedAt, 10*time.Second, "by the workflow, not by the net beneath it")
		}
	}
	fire(t, reception, dossier, "forward")
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
}

// TestMigrationOfAKilledAPI kills the process that carries a migration out
// while one dossier is still to go, and lets the next one go on.
func TestMigrationOfAKilledAPI(t *testing.T) {
	const reformed, n = "9.309002", 6
	publishReformed(t, reformed, "1", "2025-07-01", "3600s", "1440m")
	dossiers := make([]string, n)
	for i := range dossiers {
		dossiers[i] = openReformed(t, reformed)
	}
	publishReformed(t, reformed, "2", "2025-07-02", "1800s", "600m")
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	busy, err := conn.Begin(ctx)
	require.NoError(t, err)
	_, err = busy.Exec(ctx, `SELECT FROM dossiers WHERE code = $1 FOR UPDATE`, dossiers[n/2])
	require.NoError(t, err)

	r := send(t, approver, http.MethodPost, "/api/v1/procedures/"+reformed+"/migrations", "", map[string]any{"from": 1, "to": 2, "reason": "309/2026/NĐ-CP"})
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	place := r.Header.Get("Location")
	eventually(t, "all but one are moved", func() bool { return migration(t, place).Counts.Pending == 1 })
	w.api.kill()
	again := restored(t, &w.api, "api")
	require.NoError(t, busy.Rollback(ctx))
	again()
	require.Equal(t, engine.MigrationCounts{Total: n, Pending: 1, Migrated: n - 1}, migration(t, place).Counts, "nobody works on it by himself")

	r = send(t, approver, http.MethodPost, place+"/resume", "", nil)
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	eventually(t, "the migration ends", func() bool { return migration(t, place).State == engine.MigrationDone })
	require.Equal(t, engine.MigrationCounts{Total: n, Migrated: n}, migration(t, place).Counts)
	for _, dossier := range dossiers {
		moves := 0
		for _, f := range facts(t, dossier) {
			if f.Kind == engine.FactDossierMigrated {
				moves++
			}
		}
		require.Equal(t, 1, moves, "each once")
		require.NoError(t, w.ledger.Verify(ctx, dossier))
	}
}
