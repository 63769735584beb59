package postgres_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// mailed gives officers of the world addresses.
func (w world) mailed(change ...func(*engine.Officer)) {
	w.t.Helper()
	org := organisation(agency)
	for i := range org.Officers {
		o := &org.Officers[i]
		o.Email = o.ID + "@example.vn"
		for _, c := range change {
			c(o)
		}
	}
	require.NoError(w.t, w.PutOrganisation(w.t.Context(), org))
}

// tell has a rung tell an officer n times, of one dossier, as the ledger
// writes it, and lets the minute pass.
func (w world) tell(officer string, n int) {
	w.t.Helper()
	for i := range n {
		w.exec(`
			WITH told AS (INSERT INTO notifications (dossier_id, officer, clock, rung, level, rung_text, raise, state, moment, deliver_at)
				SELECT id, $1, $2, 0, 0, '100% of step', 'overdue', 'received', now(), now() FROM dossiers LIMIT 1 RETURNING id, officer)
			INSERT INTO notification_deliveries (notification_id, channel, agency, officer, next_at) SELECT id, 'email', $3, officer, now() FROM told`,
			officer, "step-"+strconv.Itoa(i), agency)
	}
}

func (w world) claimed(limit int) []engine.Mail {
	w.t.Helper()
	list, err := w.ClaimMails(w.t.Context(), limit, time.Minute)
	require.NoError(w.t, err)
	return list
}

// TestRungsAreMailed: what a rung tells is to be mailed to those with an
// address who want it, in the same transaction, and to nobody else.
func TestRungsAreMailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty("leader", "head"))
	w.mailed(func(o *engine.Officer) {
		if o.ID == "dung" {
			o.Notify = engine.NotifyByNone
		}
		if o.ID == "giang" {
			o.Language = "en"
		}
	})
	code := w.start("k").Code
	w.accepted(code, "accept", "an")
	o := w.accepted(code, "accept-handoff", "chi")
	w.exec(`DELETE FROM notifications`)
	w.passed(o.NextAt)
	_, err := w.Tick(t.Context(), code)
	require.NoError(t, err)
	require.Equal(t, []string{"dung", "giang"}, w.told())
	require.Equal(t, 1, w.count(`SELECT count(*) FROM notification_deliveries`), "one wants no mail")
	require.Empty(t, w.claimed(10), "what falls due together goes together")
	w.exec(`UPDATE notification_deliveries SET next_at = now()`)
	list := w.claimed(10)
	require.Len(t, list, 1)
	m := list[0]
	require.Equal(t, "giang@example.vn", m.Address)
	require.Equal(t, "en", m.Language)
	require.Equal(t, 1, m.Attempts)
	require.Len(t, m.Notices, 1)
	require.Equal(t, m.ID, m.Notices[0].ID)
	require.Equal(t, code, m.Notices[0].Dossier)
	require.NotEmpty(t, m.Notices[0].StateName.VI)
	require.NotEqual(t, "under-appraisal", m.Notices[0].StateName.VI)
	require.NotEmpty(t, m.Notices[0].ProcedureName.VI)
}

func TestWatchersAreMailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed()
	code := w.start("k").Code
	require.NoError(t, w.Watch(t.Context(), w.officer("giang"), code, true))
	w.accepted(code, "accept", "an")
	require.Equal(t, 1, w.count(`SELECT count(*) FROM notification_deliveries WHERE officer = 'giang' AND state = 'pending'`))
}

// TestQuietHours: out of office hours a change of a dossier one watches is on
// the board at once, and goes by mail when the office opens, as rungs do.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	w := travelled(t, monday)
	office := aroundTheClock()
	day := []calendar.Shift{{From: 8 * 60, To: 17 * 60}}
	office.Code, office.Week = "office", calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day}
	require.NoError(t, w.PutCalendar(t.Context(), office))
	org := organisation(agency)
	org.Agency.Calendar = office.Code
	for i := range org.Officers {
		org.Officers[i].Email = org.Officers[i].ID + "@example.vn"
	}
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	w.publish(birth())
	code := w.start("k").Code
	giang := w.officer("giang")
	require.NoError(t, w.Watch(t.Context(), giang, code, true))
	w.exec(`DELETE FROM notification_deliveries; DELETE FROM notifications`)
	goes := func() (goes, since time.Time) {
		t.Helper()
		require.NoError(t, w.pool.QueryRow(t.Context(), `
			SELECT x.next_at, n.deliver_at FROM notification_deliveries x JOIN notifications n ON n.id = x.notification_id
			WHERE x.officer = 'giang' AND n.fact <> '' ORDER BY n.id DESC LIMIT 1`).Scan(&goes, &since))
		return goes, since
	}
	w.accepted(code, engine.EventComment, "an")
	at, _ := goes()
	require.WithinDuration(t, monday.Add(time.Minute), at, time.Minute, "in office hours as soon as its minute has passed")

	friday := monday.AddDate(0, 0, 4)
	w.at(time.Date(2026, time.March, 6, 20, 0, 0, 0, calendar.Zone()))
	w.accepted(code, engine.EventComment, "an")
	at, since := goes()
	require.Equal(t, time.Date(2026, time.March, 9, 8, 1, 0, 0, calendar.Zone()), at.In(calendar.Zone()), "on Monday, when the office opens")
	require.Equal(t, at.Add(-time.Minute), since, "the days it is tried for begin there")
	shown, err := w.Notifications(t.Context(), "giang", 10)
	require.NoError(t, err)
	require.NotEmpty(t, shown[0].Fact)
	require.True(t, shown[0].CreatedAt.After(friday), "the pages show it on Friday night")
}

// TestMailsAreGathered: up to three go alone, more as one, and a mail stays the
// same mail whatever is told in the meantime.
func TestMailsAreGathered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed()
	w.start("k")
	w.tell("an", 3)
	w.tell("giang", 4)
	sizes := func(list []engine.Mail) (out []int) {
		for _, m := range list {
			out = append(out, len(m.Notices))
		}
		slices.Sort(out)
		return out
	}
	first := w.claimed(10)
	require.Equal(t, []int{1, 1, 1, 4}, sizes(first))
	require.Empty(t, w.claimed(10), "leased")
	w.exec(`DELETE FROM notification_deliveries WHERE officer = 'an'`)
	w.exec(`INSERT INTO notification_deliveries (notification_id, channel, agency, officer, next_at)
		SELECT id, 'email', $1, 'giang', now() FROM notifications WHERE officer = 'an'`, agency)
	w.exec(`UPDATE notification_deliveries SET next_at = now()`)
	again := w.claimed(10)
	require.Equal(t, []int{1, 1, 1, 4}, sizes(again), "after the lease, and with more beside it")
	i := slices.IndexFunc(again, func(m engine.Mail) bool { return len(m.Notices) == 4 })
	j := slices.IndexFunc(first, func(m engine.Mail) bool { return len(m.Notices) == 4 })
	require.Equal(t, first[j].ID, again[i].ID)
	require.Equal(t, 2, again[i].Attempts)
}

// TestDigestSaysHowLate: a notification of a mail says where its dossier stands
// and how late it is when the mail is taken, not when the rung fired.
func TestDigestSaysHowLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed()
	code := w.start("k").Code
	w.tell("giang", 4)
	w.exec(`UPDATE dossiers SET step_due_at = now() - interval '3 hours 5 minutes', due_at = now() + interval '1 hour'`)
	list := w.claimed(10)
	require.Len(t, list, 1)
	require.Len(t, list[0].Notices, 4)
	n := list[0].Notices[0]
	require.Equal(t, code, n.Dossier)
	require.Equal(t, engine.Text{VI: "quá hạn 3 giờ làm việc", EN: "late by 3 working hours"}, n.Late, "by the step, which is due first")
	require.WithinDuration(t, time.Now().Add(-3*time.Hour), n.StepDue, 10*time.Minute)

	w.accepted(code, "accept", "an")
	w.exec(`UPDATE dossiers SET step_due_at = NULL, due_at = now() - interval '50 hours'; UPDATE notification_deliveries SET next_at = now()`)
	list = w.claimed(10)
	i := slices.IndexFunc(list, func(m engine.Mail) bool { return len(m.Notices) == 4 })
	n = list[i].Notices[0]
	require.Equal(t, "received", n.State)
	require.Equal(t, engine.Text{VI: "Đăng ký khai sinh", EN: "Birth registration"}, n.Present)
	require.Regexp(t, `^late by [23] working days$`, n.Late.EN)
	w.exec(`UPDATE dossiers SET due_running = false; UPDATE notification_deliveries SET next_at = now()`)
	require.Equal(t, engine.Text{}, w.claimed(10)[0].Notices[0].Late, "a clock that stands still is not late")
}

// TestMailsAreSettled: sent, put back, given up, and the log of it.
func TestMailsAreSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed()
	w.start("k")
	w.tell("an", 3)
	list := w.claimed(10)
	require.Len(t, list, 3)
	require.NoError(t, w.MailSent(t.Context(), list[0].ID))
	require.NoError(t, w.MailFailed(t.Context(), list[1].ID, "smtp-451", time.Hour))
	require.NoError(t, w.MailFailed(t.Context(), list[2].ID, "smtp-550", 0))
	require.NoError(t, w.MailFailed(t.Context(), list[0].ID, "connect", time.Hour), "a late word changes nothing")
	require.Empty(t, w.claimed(10))

	log, err := w.MailDeliveries(t.Context(), engine.MailLog{Agency: agency})
	require.NoError(t, err)
	require.Len(t, log, 3)
	require.Equal(t, []engine.MailState{engine.MailDead, engine.MailPending, engine.MailSent}, []engine.MailState{log[0].State, log[1].State, log[2].State})
	require.Equal(t, []string{"smtp-550", "smtp-451", ""}, []string{log[0].Error, log[1].Error, log[2].Error})
	require.False(t, log[2].SentAt.IsZero())
	require.False(t, log[1].NextAt.IsZero())
	some, err := w.MailDeliveries(t.Context(), engine.MailLog{Agency: agency, State: engine.MailPending, Before: log[0].Notification, Limit: 5})
	require.NoError(t, err)
	require.Equal(t, log[1:2], some)
	none, err := w.MailDeliveries(t.Context(), engine.MailLog{Agency: "H02"})
	require.NoError(t, err)
	require.Empty(t, none)

	w.exec(`UPDATE notification_deliveries SET next_at = now() WHERE state = 'pending'`)
	w.mailed(func(o *engine.Officer) { o.Email = "" })
	left := w.claimed(10)
	require.Len(t, left, 1)
	require.Empty(t, left[0].Address, "who has none any more is not mailed")
}

// TestMailsAreClaimedOnce: processes share mails, none goes to two of them.
func TestMailsAreClaimedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed()
	w.start("k")
	for _, o := range organisation(agency).Officers {
		w.tell(o.ID, 3)
	}
	seen := map[int64]int{}
	total := 3 * len(organisation(agency).Officers)
	require.Eventually(t, func() bool {
		for _, list := range parallel(4, func(int) []engine.Mail { l, _ := w.ClaimMails(t.Context(), 2, time.Hour); return l }) {
			for _, m := range list {
				seen[m.ID] += len(m.Notices)
			}
		}
		sum := 0
		for _, n := range seen {
			sum += n
		}
		return sum >= total
	}, 20*time.Second, 10*time.Millisecond)
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
}

// TestContactsAreKept: the text of an organisation comes back as it went in.
func TestContactsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.mailed(func(o *engine.Officer) { o.Language, o.Notify = "en", engine.NotifyByNone })
	o, _, err := w.Officer(t.Context(), "an")
	require.NoError(t, err)
	require.Equal(t, []string{"an@example.vn", "en", "none"}, []string{o.Email, o.Language, o.Notify})
}
