package postgres_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// tries is what the verbs are given to many dossiers with.
var tries = map[string]func(*engine.Bulk){
	engine.EventReassign:    func(b *engine.Bulk) { b.Officer = "huong" },
	engine.EventEscalate:    func(*engine.Bulk) {},
	engine.EventAcknowledge: func(*engine.Bulk) {},
	engine.EventReturn:      func(b *engine.Bulk) { b.Target = "received" },
	engine.EventExtend:      func(b *engine.Bulk) { b.Extend = seconds(60) },
	engine.EventSuspend: func(b *engine.Bulk) {
		b.Halt = &engine.HaltOrder{Basis: "Điều 12", Until: today().AddDays(3).Midnight()}
	},
	engine.EventResume:   func(*engine.Bulk) {},
	engine.EventOverride: func(b *engine.Bulk) { b.Overrides = &engine.Overrides{To: "result-ready"} },
	engine.EventWithdraw: func(*engine.Bulk) {},
	engine.EventComment:  func(*engine.Bulk) {},
}

func bulkOf(event string, codes ...string) engine.Bulk {
	b := engine.Bulk{Event: event, Reason: "theo chỉ đạo", Dossiers: codes}
	tries[event](&b)
	return b
}

// begun puts an act on record and carries it out.
func (w world) begun(a engine.Actor, key string, b engine.Bulk) engine.ActRecord {
	w.t.Helper()
	_, err := w.StartBulk(w.t.Context(), a, key, b)
	require.NoError(w.t, err)
	require.NoError(w.t, w.RunAct(w.t.Context(), key))
	return w.act(key)
}

// TestBulkPreviewIsWhatHappens: of every verb, on dossiers in every standing,
// what the preview says of each dossier is what becomes of it.
func TestBulkPreviewIsWhatHappens(t *testing.T) {
	t.Parallel()
	for _, event := range engine.BulkEvents() {
		t.Run(event, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, unhurried())
			codes := append(w.populate(15), "H01.1-990101-0001", "H02-260101-0001")
			b := bulkOf(event, codes...)
			giang := w.officer("giang")
			before := w.count(`SELECT count(*) FROM facts`)
			page, err := w.PreviewBulk(t.Context(), giang, b, "", 500)
			require.NoError(t, err)
			require.Equal(t, before, w.count(`SELECT count(*) FROM facts`), "a preview writes nothing")
			require.Zero(t, w.count(`SELECT count(*) FROM acts`))
			w.exec(`CREATE TABLE slept AS SELECT code, next_at, closed_at FROM dossiers`)

			r := w.begun(giang, "act-"+event, b)
			require.Equal(t, *page.Counts, r.Counts)
			require.Equal(t, 17, r.Counts.Total)
			require.Equal(t, 2, r.Counts.Reasons[engine.CodeNotFound], "each is named")
			got := w.outcomes(r.ID)
			require.Len(t, got, len(page.Outcomes))
			for i, foreseen := range page.Outcomes {
				requireSame(t, foreseen, got[i])
			}
			for _, code := range codes[:15] {
				require.NoError(t, w.Verify(t.Context(), code))
			}
			require.Equal(t, r.Counts.Changed, w.count(`SELECT count(DISTINCT dossier_id) FROM facts WHERE command_id = $1`, r.ID))
			woken := w.requireWoken()
			switch event {
			case engine.EventReassign, engine.EventComment:
				require.Zero(t, woken, "no moment moves: no officer waits behind wake-ups")
			case engine.EventWithdraw:
				require.Equal(t, r.Counts.Changed, woken, "each has to end")
			}
		})
	}
}

// requireWoken holds the wake-ups of an act to what the workflows know, as kept
// in slept: woken is who would sleep until another moment or past the end, and
// nobody else.
func (w world) requireWoken() int {
	w.t.Helper()
	var woken, owed []string
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), `SELECT array_agg(dossier ORDER BY dossier) FROM outbox WHERE kind = 'wake'`).Scan(&woken))
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), `SELECT array_agg(code ORDER BY code) FROM dossiers d JOIN slept s USING (code)
		WHERE d.closed_at IS DISTINCT FROM s.closed_at OR d.next_at IS DISTINCT FROM s.next_at`).Scan(&owed))
	require.Equal(w.t, owed, woken)
	return len(woken)
}

// requireSame compares outcomes; of moments that lie a delay after now, only
// that there is one.
func requireSame(t *testing.T, foreseen, got engine.ActOutcome) {
	t.Helper()
	require.Len(t, got.Moves, len(foreseen.Moves), foreseen.Dossier)
	for i := range got.Moves {
		a, b := &foreseen.Moves[i], &got.Moves[i]
		require.WithinDuration(t, a.New, b.New, 30*time.Second, "%s %s", foreseen.Dossier, a.Kind)
		a.New = b.New
	}
	require.Equal(t, foreseen, got)
}

func TestBulkFreezesItsFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	w.populate(10)
	giang := w.officer("giang")
	b := engine.Bulk{Event: engine.EventComment, Reason: "nhắc tiến độ", Filter: &engine.Filter{Department: "one-stop"}}
	r, err := w.StartBulk(t.Context(), giang, "frozen", b)
	require.NoError(t, err)
	frozen := r.Counts.Total
	require.Positive(t, frozen)
	later := w.start("came later")
	require.NoError(t, w.RunAct(t.Context(), "frozen"))
	r = w.act("frozen")
	require.Equal(t, frozen, r.Counts.Changed+r.Counts.Unchanged, "the closed stay as they are")
	require.Equal(t, engine.MigrationDone, r.State)
	require.NotContains(t, w.outcomes("frozen"), later.Code)
	require.Zero(t, w.count(`SELECT count(*) FROM facts f JOIN dossiers d ON d.id = f.dossier_id WHERE d.code = $1 AND f.kind = 'commented'`, later.Code))
	require.JSONEq(t, `{"department":"one-stop"}`, string(r.Bulk.Filter), "it is on record")
	require.Equal(t, giang.ID, r.Bulk.Authority.ID)
	require.Equal(t, giang.Roles, r.Bulk.Authority.Roles)

	again, err := w.StartBulk(t.Context(), giang, "frozen", b)
	require.NoError(t, err)
	require.Equal(t, r.Counts, again.Counts, "the same request is the same act")
	b.Reason = "khác"
	_, err = w.StartBulk(t.Context(), giang, "frozen", b)
	requireCode(t, engine.CodeIdempotencyConflict, err)

	words := engine.Bulk{Event: engine.EventComment, Reason: "nhắc", Filter: &engine.Filter{Query: "khai sinh"}}
	r, err = w.StartBulk(t.Context(), giang, "by words", words)
	require.NoError(t, err)
	require.Contains(t, string(r.Bulk.Filter), engine.QueryUnrecorded, "they may be somebody's name")
	require.Zero(t, w.count(`SELECT count(*) FROM acts WHERE body::text LIKE '%khai sinh%'`))
	words.Filter = &engine.Filter{Query: "khai"}
	_, err = w.StartBulk(t.Context(), giang, "by words", words)
	requireCode(t, engine.CodeIdempotencyConflict, err)
}

func TestBulkWithinTheSubtree(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	codes := w.populate(10)
	dung := w.officer("dung") // heads expertise, and with it appraisal
	r := w.begun(dung, "named", bulkOf(engine.EventReassign, codes...))
	require.Positive(t, r.Counts.Reasons[engine.CodeWrongRole], "what is elsewhere is refused, one by one")
	require.Equal(t, 2, r.Counts.Changed, "those with appraisal")
	b := bulkOf(engine.EventComment)
	b.Filter = &engine.Filter{}
	page, err := w.PreviewBulk(t.Context(), dung, b, "", 0)
	require.NoError(t, err)
	require.Equal(t, 2, page.Counts.Total, "a filter is on what the head supervises")

	_, err = w.StartBulk(t.Context(), w.officer("an"), "x", bulkOf(engine.EventComment, codes...))
	requireCode(t, engine.CodeWrongRole, err)
	_, err = w.StartBulk(t.Context(), portal, "x", bulkOf(engine.EventComment, codes...))
	requireCode(t, engine.CodeWrongRole, err)
}

func TestBulkRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	codes := w.populate(5)
	giang := w.officer("giang")
	many := make([]string, engine.MaxBulk+1)
	for i := range many {
		many[i] = "H01.1-260101-" + strconv.Itoa(i)
	}
	for name, c := range map[string]struct {
		code engine.Code
		edit func(*engine.Bulk)
	}{
		"an event of the definition": {engine.CodeInvalid, func(b *engine.Bulk) { b.Event = "accept" }},
		"no reason":                  {engine.CodeCommentRequired, func(b *engine.Bulk) { b.Reason = " " }},
		"neither list nor filter":    {engine.CodeInvalid, func(b *engine.Bulk) { b.Dossiers = nil }},
		"both":                       {engine.CodeInvalid, func(b *engine.Bulk) { b.Filter = &engine.Filter{} }},
		"too many":                   {engine.CodeInvalid, func(b *engine.Bulk) { b.Dossiers = many }},
		"a filter that none passes":  {engine.CodeInvalid, func(b *engine.Bulk) { b.Dossiers, b.Filter = nil, &engine.Filter{Department: "nowhere"} }},
		"no such act to try again":   {engine.CodeNotFound, func(b *engine.Bulk) { b.Dossiers, b.Retry = nil, "none" }},
	} {
		b := bulkOf(engine.EventComment, codes...)
		c.edit(&b)
		_, err := w.StartBulk(t.Context(), giang, "x", b)
		require.Equal(t, c.code, engine.CodeOf(err), name)
		_, err = w.PreviewBulk(t.Context(), giang, b, "", 0)
		require.Equal(t, c.code, engine.CodeOf(err), name)
	}
	require.Zero(t, w.count(`SELECT count(*) FROM acts`))
}

func TestBulkRetriesWhatWasRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	codes := w.populate(10)
	giang := w.officer("giang")
	b := bulkOf(engine.EventReassign, codes...)
	b.Officer = "nobody-yet"
	first := w.begun(giang, "first", b)
	require.Zero(t, first.Counts.Changed)
	refused := first.Counts.Refused
	require.Positive(t, refused)
	org := organisation(agency)
	org.Officers = append(org.Officers, engine.Officer{ID: "nobody-yet", Name: "Người Mới", Roles: []engine.RoleIn{{Department: "office", Role: "archivist"}}})
	require.NoError(t, w.PutOrganisation(t.Context(), org))

	again, err := w.RetryBulk(t.Context(), giang, "first", "")
	require.NoError(t, err)
	require.Equal(t, b.Reason, again.Reason)
	second := w.begun(giang, "second", again)
	require.Equal(t, refused, second.Counts.Total, "the refused only")
	require.Equal(t, refused, second.Counts.Changed)
	require.Equal(t, "first", second.Bulk.Retry)
	third := bulkOf(engine.EventReassign)
	third.Retry = "second"
	_, err = w.StartBulk(t.Context(), giang, "third", third)
	requireCode(t, engine.CodeInvalid, err) // nothing is left to be tried again
}

// TestBulkCancelled cancels an act in its midst: every dossier is either done,
// with its fact, or left, without.
func TestBulkCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	codes := w.populate(120)
	giang := w.officer("giang")
	_, err := w.StartBulk(t.Context(), giang, "midway", bulkOf(engine.EventComment, codes...))
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() { _ = w.RunAct(t.Context(), "midway") })
	require.Eventually(t, func() bool { return w.act("midway").Counts.Changed >= 10 }, 30*time.Second, time.Millisecond)
	_, err = w.CancelAct(t.Context(), w.officer("dung"), "midway")
	requireCode(t, engine.CodeWrongRole, err)
	r, err := w.CancelAct(t.Context(), giang, "midway")
	require.NoError(t, err)
	running.Wait()
	require.Equal(t, engine.ActCancelled, r.State)
	require.Equal(t, "giang", r.Cancelled)
	require.Zero(t, r.Counts.Pending)
	require.Positive(t, r.Counts.Cancelled)
	require.Equal(t, r.Counts, w.act("midway").Counts, "nothing moves after it")
	require.Equal(t, r.Counts.Changed, w.count(`SELECT count(*) FROM facts WHERE command_id = 'midway' AND kind = 'commented'`))
	require.NoError(t, w.RunAct(t.Context(), "midway"))
	require.NoError(t, w.ResumeActs(t.Context()))
	after, err := w.CancelAct(t.Context(), giang, "midway")
	require.NoError(t, err, "once more is the same")
	require.Equal(t, r.Counts, after.Counts)
}

// TestBulkBesideOfficers: officers fire events on the very dossiers meanwhile;
// every dossier gets the act once, and every chain holds.
func TestBulkBesideOfficers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	codes := w.populate(60)
	giang, an := w.officer("giang"), w.officer("an")
	_, err := w.StartBulk(t.Context(), giang, "beside", bulkOf(engine.EventComment, codes...))
	require.NoError(t, err)
	var at sync.WaitGroup
	for range 2 { // and a second process that takes it up too
		at.Go(func() { _ = w.RunAct(t.Context(), "beside") })
	}
	for _, code := range codes {
		w.fire(code, engine.EventComment, an)
	}
	at.Wait()
	require.NoError(t, w.RunAct(t.Context(), "beside"))
	require.Equal(t, 0, w.act("beside").Counts.Pending)
	for _, o := range w.outcomes("beside") {
		n := w.count(`SELECT count(*) FROM facts f JOIN dossiers d ON d.id = f.dossier_id WHERE d.code = $1 AND f.command_id = 'beside'`, o.Dossier)
		require.Equal(t, o.Result == engine.ResultChanged, n == 1, "%s %s %d", o.Dossier, o.Result, n)
		require.NoError(t, w.Verify(t.Context(), o.Dossier))
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	code := w.start("watched").Code
	huong, an := w.officer("huong"), w.officer("an")
	requireCode(t, engine.CodeNotFound, w.Watch(t.Context(), huong, "H01.1-990101-0001", true))
	require.NoError(t, w.Watch(t.Context(), huong, code, true))
	require.NoError(t, w.Watch(t.Context(), huong, code, true))
	require.NoError(t, w.Watch(t.Context(), an, code, true))
	on, err := w.Watches(t.Context(), huong, code)
	require.NoError(t, err)
	require.True(t, on)

	w.accepted(code, "accept", "an")
	told, err := w.Notifications(t.Context(), "huong", 10)
	require.NoError(t, err)
	require.Len(t, told, 1, "once for all facts of one event")
	require.Equal(t, engine.FactStateEntered, told[0].Fact)
	require.Equal(t, code, told[0].Dossier)
	own, err := w.Notifications(t.Context(), "an", 10)
	require.NoError(t, err)
	require.Empty(t, own, "nobody is told of what they did themselves")

	w.begun(w.officer("giang"), "watched", bulkOf(engine.EventComment, code))
	list, err := w.Watched(t.Context(), huong, 10)
	require.NoError(t, err)
	require.Equal(t, "under-appraisal", list[0].State)
	require.NoError(t, w.Watch(t.Context(), huong, code, false))
	w.accepted(code, engine.EventAcceptHandoff, "chi")
	told, err = w.Notifications(t.Context(), "huong", 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(told, func(n engine.Notification) bool { return n.Fact == engine.FactCommented }))
	require.Len(t, told, 2, "not after they stopped watching")
	require.NoError(t, w.Verify(t.Context(), code), "it is not among the facts")
}
