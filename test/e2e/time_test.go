package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/workflows/contract"
)

const (
	calendarAuthor = "tam.phan"
	leader         = "hai.hoang"
)

// TestCalendarMovesASleepingDossier publishes a day off across which a dossier
// sleeps: preview and result are the same, and the workflow sleeps until the
// new moment.
func TestCalendarMovesASleepingDossier(t *testing.T) {
	const code, procedure = "e2e-moving", "9.301001"
	require.NoError(t, w.ledger.PutCalendar(context.Background(), movingCalendar(code)))
	publishEdited(t, procedure, "1", "2025-07-01", "calendar: around-the-clock", "calendar: "+code,
		"within: 2s", "within: 3wd", "statutory: 10m", "statutory: 30wd", "extend: 1m", "extend: 1wd", "extension: {max: 1m}", "extension: {max: 5wd}")
	dossier := openReformed(t, procedure)
	eventually(t, "its workflow runs", func() bool { return running(t, dossier) })
	before := nextOf(t, dossier)
	require.False(t, before.IsZero())

	path := "/api/v1/calendars"
	off := calendar.DateOf(time.Now()).AddDays(1)
	text := fmt.Sprintf("code: %s\nversion: 2\nknown_until: 2099-12-31\nweek: %s\nexceptions:\n  - {date: %s, kind: swapped-off, name: Nghỉ hoán đổi, basis: CV 1/VPCP}\n", code, everyDay, off)
	require.Equal(t, http.StatusUnsupportedMediaType, send(t, calendarAuthor, http.MethodPost, path, "", []byte(text)).Status)
	require.Equal(t, http.StatusCreated, upload(t, calendarAuthor, path, text))
	version := path + "/" + code + "/versions/2"
	require.Equal(t, http.StatusForbidden, send(t, calendarAuthor, http.MethodPost, version+"/approve", "", map[string]any{}).Status, "four eyes")
	require.Equal(t, http.StatusOK, send(t, approver, http.MethodPost, version+"/approve", "", map[string]any{}).Status)

	var foreseen, results engine.ActPage
	send(t, approver, http.MethodGet, version+"/preview", "", nil).into(t, &foreseen)
	require.Equal(t, 1, foreseen.Counts.Moved, "%+v", foreseen)
	require.Contains(t, foreseen.Outcomes[0].Moves[0].Rule.VI, "Nghỉ hoán đổi")
	require.Equal(t, before, nextOf(t, dossier), "a preview moves nothing")

	r := send(t, approver, http.MethodPost, version+"/publish", "publish-e2e-moving", map[string]any{})
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	done(t, approver, r.Header.Get("Location"))
	send(t, approver, http.MethodGet, r.Header.Get("Location")+"/results", "", nil).into(t, &results)
	require.Equal(t, foreseen.Outcomes, results.Outcomes, "what the preview said")
	eventually(t, "its workflow sleeps until another moment", func() bool { return nextOf(t, dossier).After(before) })

	var clocks struct{ Clocks []api.ClockView }
	send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier+"/clocks", "", nil).into(t, &clocks)
	explained := []string{}
	for _, k := range clocks.Clocks {
		if k.Kind == engine.ClockStatutory {
			explained = append(explained, string(k.Verdict)+": "+k.Explanation.Rules[0].EN)
		}
	}
	require.Equal(t, []string{"superseded: limit 30wd by calendar e2e-moving version 1", ": limit 30wd by calendar e2e-moving version 2"}, explained,
		"the old clock is explained by the old calendar")

	n := len(facts(t, dossier))
	require.Equal(t, http.StatusAccepted, send(t, approver, http.MethodPost, version+"/publish", "publish-e2e-moving", map[string]any{}).Status)
	require.Len(t, facts(t, dossier), n, "again it changes nothing")
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
}

// TestOutageStopsTheTimers lets a step's whole ladder pass in an outage: no
// rung fires, and all of them do once the system is back.
func TestOutageStopsTheTimers(t *testing.T) {
	const procedure = "9.301002"
	publishEdited(t, procedure, "1", "2025-07-01", "within: 2s", "within: 5s")
	dossier := openReformed(t, procedure)
	r := send(t, leader, http.MethodPost, "/api/v1/outages", "outage-e2e", map[string]any{
		"system": "VNeID", "procedure": procedure, "reason": "VNeID không truy cập được", "basis": "Nghị định 301/2026 Điều 3.4",
	})
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	done(t, leader, r.Header.Get("Location"))
	var declared struct{ Outage engine.Outage }
	r.into(t, &declared)
	halted := time.Now()
	fired := len(rungs(t, dossier))
	require.Less(t, fired, 3)
	require.Equal(t, engine.StatusSuspended, show(t, dossier).Status)
	meanwhile := openReformed(t, procedure)
	eventually(t, "the moments of the whole ladder pass", func() bool { return time.Since(halted) > 7*time.Second })
	require.Len(t, rungs(t, dossier), fired, "the clock stands still")
	require.Empty(t, rungs(t, meanwhile), "and never ran of one that came in meanwhile")

	r = send(t, leader, http.MethodPost, "/api/v1/outages/"+declared.Outage.ID+"/end", "", map[string]any{})
	require.Equal(t, http.StatusAccepted, r.Status, "%s", r.Body)
	done(t, leader, r.Header.Get("Location"))
	eventually(t, "the ladder goes on where it stood", func() bool { return len(rungs(t, dossier)) == 3 })
	require.Equal(t, wholeLadder, said(rungs(t, dossier)))
	eventually(t, "the other ladder begins", func() bool { return len(rungs(t, meanwhile)) == 3 })
	for _, f := range rungs(t, dossier)[fired:] {
		require.True(t, f.At.After(halted), "%s fell due at %s, after the system was back", f.Rung.Rung, f.At)
	}
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
	require.NoError(t, w.ledger.Verify(context.Background(), meanwhile))
}

// done waits until an act is.
func done(t *testing.T, who, place string) {
	t.Helper()
	eventually(t, "the act ends", func() bool {
		var act engine.ActRecord
		send(t, who, http.MethodGet, place, "", nil).into(t, &act)
		return act.State == engine.MigrationDone
	})
}

// nextOf is the moment the workflow of a dossier sleeps until.
func nextOf(t *testing.T, dossier string) time.Time {
	t.Helper()
	value, err := w.client.QueryWorkflow(context.Background(), contract.WorkflowID(dossier), "", contract.QueryState)
	require.NoError(t, err)
	var state contract.DossierState
	require.NoError(t, value.Get(&state))
	return state.NextAt
}

// everyDay is a week that is worked around the clock.
const everyDay = `{monday: &d [{from: "00:00", to: "24:00"}], tuesday: *d, wednesday: *d, thursday: *d, friday: *d, saturday: *d, sunday: *d}`

func movingCalendar(code string) calendar.Spec {
	day := []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	return calendar.Spec{
		Code: code, Version: 1, KnownUntil: calendar.NewDate(2099, time.December, 31),
		Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day, Saturday: day, Sunday: day},
	}
}

// upload sends a text in YAML and returns the status of the answer.
func upload(t *testing.T, who, path, text string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.api.base+path, strings.NewReader(text)) //nolint:noctx // the client has a timeout
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+w.keys[who])
	req.Header.Set("Content-Type", "application/yaml")
	res, err := (&http.Client{Timeout: patience}).Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}
