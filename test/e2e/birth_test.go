package e2e_test

import (
	"context"
	"fmt"
	"strings"

	"motcua/definitions"
)

const (
	birth   = "1.001193"
	commune = "H00.101"

	reception = "lan.nguyen"
	officer   = "duc.pham"
	signer    = "hai.hoang"
	clerk     = "thu.bui"
	head      = "hoa.le"          // of the one-stop department
	applicant = "Trần Thị Bí Mật" // planted: it may appear nowhere but in the ledger's own table
	remark    = "thiếu giấy chứng sinh của cháu Bí Mật"
)

// inSeconds turns the shipped birth registration into one whose steps take two
// seconds, published as its next version. The ladder of a step is then: due
// soon after 1.5 s, overdue after 2 s, escalated after 3 s.
var inSeconds = strings.NewReplacer(
	"version: 1\n", "version: 2\n",
	"calendar: agency", "calendar: around-the-clock",
	"statutory: 0wd # by the end of the same working day", "statutory: 10m",
	"  cutoff: {at: \"15:00\", counts_from: next-working-day}\n", "",
	"within: 8wh", "within: 2s", "within: 30wm", "within: 2s", "within: 3wh", "within: 2s", "within: 2wh", "within: 2s",
	"within: 90wm", "within: 2s", "within: 1wh", "within: 2s",
	"accept_within: 30wm", "accept_within: 5m",
	"max: 3wd", "max: 1m", "extend: 3wd", "extend: 1m", "max: 7wd", "max: 1h", "before: 1wd", "before: 1m", "after: 4wh", "after: 1s",
)

func (w *world) putFast(ctx context.Context, shipped []byte) error {
	text := []byte(strings.Replace(inSeconds.Replace(string(shipped)), "effective: {from: 2025-07-01}", "effective: {from: 2025-07-02}", 1))
	m, findings := definitions.Read("birth in seconds", text)
	if err := findings.Err(); err != nil {
		return fmt.Errorf("birth registration in seconds: %w", err)
	}
	return w.ledger.PutVersion(ctx, m, text)
}

// theRest is the way of a birth registration from acceptance to the hand-over
// of the certificate: who fires what.
var theRest = [][2]string{
	{reception, "forward"},
	{officer, "accept-handoff"}, {officer, "approve"}, {officer, "submit"},
	{signer, "accept-handoff"}, {signer, "sign"},
	{clerk, "accept-handoff"}, {clerk, "issue"},
	{reception, "accept-handoff"}, {reception, "hand-over"},
}
