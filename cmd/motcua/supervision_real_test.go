package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
)

// TestSupervisionOnARealServer takes what moves many dossiers through command
// line, API and ledger.
func TestSupervisionOnARealServer(t *testing.T) {
	dir := realServer(t)
	as := func(who string, args ...string) result { return command(t, append(args, "--dir", dir, "--as", who)...) }
	works := func(who string, args ...string) string {
		t.Helper()
		r := as(who, args...)
		require.Equal(t, exitOK, r.code, "%v: %s", args, r.err)
		return r.out
	}
	read := func(into any, who string, args ...string) {
		t.Helper()
		require.NoError(t, json.Unmarshal([]byte(works(who, append(args, "-o", "json")...)), into))
	}
	start := func() string {
		t.Helper()
		var a api.Answer
		read(&a, "lan.nguyen", "dossier", "start", "--procedure", "2.000908", "--applicant", "Nguyễn Văn An", "--component", "request", "--field", "original.kind=Giấy khai sinh", "--field", "copies=2")
		return a.Code
	}
	first, second := start(), start()
	for _, code := range []string{first, second} {
		works("lan.nguyen", "dossier", "fire", code, "accept")
	}

	// What lies where, by the filters of lists.
	require.Contains(t, works("lan.nguyen", "dossier", "count", "--status", "running", "--query", first), "1 dossier at")
	require.Contains(t, works("lan.nguyen", "dossier", "list", "--started-from", "2026-01-01", "--sort", "-started"), second)
	require.Contains(t, works("lan.nguyen", "dossier", "board", "--procedure", "2.000908"), "2.000908")
	require.Contains(t, works("hai.hoang", "dossier", "workload"), "duc.pham")
	works("lan.nguyen", "dossier", "view", "keep", "Chờ chuyển", "--state", "accepted", "--query", "nguyen")
	require.Contains(t, works("lan.nguyen", "dossier", "count", "--view", "Chờ chuyển"), "2 dossiers at")
	require.Contains(t, works("lan.nguyen", "dossier", "view", "drop", "Chờ chuyển"), "dropped")
	require.Equal(t, "no views\n", works("lan.nguyen", "dossier", "view", "list"))

	// Two dossiers with one slip, accepted together.
	var slip api.SlipAnswer
	read(&slip, "lan.nguyen", "handoff", "send", "forward", first, second, "--idempotency-key", "k")
	require.Equal(t, 2, slip.Done)
	require.Contains(t, works("lan.nguyen", "handoff", "send", "forward", first, second, "--idempotency-key", "k"), "handed over 2 dossiers, refused 0")
	require.Contains(t, works("duc.pham", "handoff", "show", slip.Slip), "2 dossiers, 2 waiting")
	require.Contains(t, works("duc.pham", "handoff", "accept", slip.Slip), "accepted 2 dossiers, refused 0")
	require.Regexp(t, "accepted +duc.pham", works("lan.nguyen", "handoff", "show", slip.Slip))

	// An officer who leaves with a dossier in hand.
	works("duc.pham", "dossier", "fire", first, "claim")
	require.Equal(t, exitRefused, as("lan.nguyen", "officer", "depart", "duc.pham", "--reason", "x").code)
	require.Contains(t, works("hai.hoang", "officer", "depart", "duc.pham", "--successor", "mai.vu", "--reason", "nghỉ hưu"), "changed 1 dossier")
	require.Contains(t, works("mai.vu", "dossier", "show", first), "held by mai.vu")

	// Leave, with somebody who stands in.
	today := calendar.DateOf(time.Now())
	works("mai.vu", "absence", "add", "--from", today.String(), "--to", today.AddDays(3).String(), "--substitute", "lan.nguyen")
	require.Contains(t, works("lan.nguyen", "absence", "list"), "mai.vu")
	require.Equal(t, exitRefused, as("lan.nguyen", "absence", "add", "--officer", "hoa.le", "--from", today.String(), "--to", today.String()).code)
	require.NotContains(t, works("mai.vu", "absence", "end", "mai.vu", today.String()), "lan.nguyen")

	// An outage, and its end.
	var report actReport
	read(&report, "hai.hoang", "outage", "declare", "--system", "VNeID", "--reason", "mất kết nối")
	require.Equal(t, 2, report.Counts.Changed)
	require.Contains(t, works("lan.nguyen", "dossier", "show", first), "suspended")
	require.Contains(t, works("hai.hoang", "outage", "end", report.Outage.ID), "changed 2 dossiers")
	require.Contains(t, works("lan.nguyen", "outage", "list"), "VNeID")

	// A calendar with a day off more: the preview is what happens.
	file, version := dayOff(t, dir, today)
	works("tam.phan", "calendar", "upload", file)
	require.Equal(t, exitRefused, as("tam.phan", "calendar", "approve", "vn-national", version).code, "an author does not approve")
	works("yen.luu", "calendar", "approve", "vn-national", version)
	var preview, done actReport
	read(&preview, "yen.luu", "calendar", "preview", "vn-national", version)
	require.Equal(t, 2, preview.Counts.Moved)
	read(&done, "yen.luu", "calendar", "publish", "vn-national", version)
	require.Equal(t, moves(preview), moves(done))
	require.Equal(t, preview.Counts.Moved, done.Counts.Moved)
	require.Contains(t, works("lan.nguyen", "dossier", "explain", first, "--lang", "vi"), "Ngày thử")
	require.Contains(t, works("lan.nguyen", "dossier", "time", first), "civil-status")
	require.Contains(t, works("lan.nguyen", "dossier", "chain", first), "no linked dossiers")

	operations := page(t, dir, "hai.hoang", "/operations")
	for _, part := range []string{"VNeID", "Tính lại theo lịch làm việc mới", "Bàn giao hồ sơ của cán bộ nghỉ việc", "2/2"} {
		require.Contains(t, operations, part)
	}
	require.Contains(t, page(t, dir, "hai.hoang", "/operations/acts/"+done.Act.ID), first)
	dossier := page(t, dir, "hai.hoang", "/dossiers/"+first)
	for _, part := range []string{"Thời gian của từng đơn vị", "thay bằng thời hạn khác", "Thay cho thời hạn trước đó", "Tính lại thời hạn theo lịch vn-national", `value="override"`} {
		require.Contains(t, dossier, part)
	}
}

// page reads a page for people, by the key of an officer.
func page(t *testing.T, dir, who, path string) string {
	t.Helper()
	c := must(readCredentials(dir))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Server+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+c.Keys[who])
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, string(text))
	return string(text)
}

// moves are what an act says of every dossier.
func moves(r actReport) map[string][]engine.Move {
	out := map[string][]engine.Move{}
	for _, o := range r.Outcomes {
		out[o.Dossier] = o.Moves
	}
	return out
}

// dayOff writes the next version of the published calendar, in which no day of
// the coming fortnight is worked.
func dayOff(t *testing.T, dir string, today calendar.Date) (file, version string) {
	t.Helper()
	r := command(t, "calendar", "versions", "vn-national", "--dir", dir, "--as", "tam.phan", "-o", "json")
	require.Equal(t, exitOK, r.code, r.err)
	var out struct {
		Calendars []engine.CalendarRecord `json:"calendars"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &out))
	spec := out.Calendars[len(out.Calendars)-1].Spec
	text, err := json.Marshal(spec)
	require.NoError(t, err)
	var plain map[string]any
	require.NoError(t, json.Unmarshal(text, &plain))
	plain["version"] = spec.Version + 1
	known := map[string]bool{}
	for _, e := range spec.Exceptions {
		known[e.Date.String()] = true
	}
	for i := range 14 {
		if day := today.AddDays(i + 1).String(); !known[day] {
			plain["exceptions"] = append(plain["exceptions"].([]any), map[string]any{"date": day, "kind": "public-holiday", "name": "Ngày thử", "basis": "1/QĐ-UBND"})
		}
	}
	text, err = json.Marshal(plain) // JSON is YAML
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "calendar.yaml")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file, strconv.Itoa(spec.Version + 1)
}
