package nationalportal

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"motcua/definitions/draft"
	"motcua/engine"
)

// leastFee is the smallest amount anybody charges: below it, thousands were
// left out ("135 VNĐ" for 135.000 đồng).
const leastFee = 1000

var feeName = engine.Text{VI: "Phí, lệ phí", EN: "Fees and charges"}

// due is a fee and the channels it is asked for on.
type due struct {
	engine.Fee
	channels []string
}

// fees are those of the table of channels.
func fees(rows []method) ([]engine.Fee, []Doubt) {
	var list []due
	var doubts []Doubt
	var asked []string // channels
	for _, row := range rows {
		if !slices.Contains(asked, row.channel) {
			asked = append(asked, row.channel)
		}
		for _, c := range row.fees {
			fee, kind := feeOf(c, row.glued && c.what == row.time)
			if d := (Doubt{kind, "/fees", strings.TrimSuffix(c.what+" ("+excerpt(c.note, 400)+")", " ()")}); kind != "" && !slices.Contains(doubts, d) {
				doubts = append(doubts, d)
			}
			if kind != FeeMissing {
				list = owe(list, fee, row.channel)
			}
		}
	}
	var fees []engine.Fee
	for _, d := range list {
		if len(d.channels) < len(asked) {
			d.When = condition(d.channels)
		}
		fees = append(fees, d.Fee)
	}
	return fees, doubts
}

// owe adds a channel to those of a fee.
func owe(list []due, fee engine.Fee, channel string) []due {
	i := slices.IndexFunc(list, func(d due) bool {
		return d.Note == fee.Note && (d.Amount == nil) == (fee.Amount == nil) && (fee.Amount == nil || *d.Amount == *fee.Amount)
	})
	if i < 0 {
		return append(list, due{fee, []string{channel}})
	}
	if !slices.Contains(list[i].channels, channel) {
		list[i].channels = append(list[i].channels, channel)
	}
	return list
}

// feeOf reads one fee. It has an amount only where number and words agree.
func feeOf(c charge, glued bool) (engine.Fee, Kind) {
	note, _ := draft.Cut(draft.Clean(c.note), 1000)
	fee := engine.Fee{Name: feeName, Note: note}
	inWords := func(kind Kind) (engine.Fee, Kind) {
		fee.Note, _ = draft.Cut(strings.TrimSuffix(c.what+" ("+note+")", " ()"), 1000)
		return fee, kind
	}
	switch {
	case c.what == noInformation && nothing(c.note):
		return fee, FeeMissing
	case c.what == noInformation:
		return fee, FeeInWords
	case c.what == "Miễn phí" && nothing(c.note):
		fee.Amount, fee.Note = new(int), ""
		return fee, ""
	case c.what == "Miễn phí":
		return inWords(FeeFreeInWords)
	case glued:
		return inWords(FeeGlued)
	case strings.HasSuffix(c.what, "USD"):
		return inWords(FeeCurrency)
	}
	amount, ok := amountOf(c.what)
	switch {
	case !ok || amount < leastFee:
		return inWords(FeeImplausible)
	case slices.ContainsFunc(amounts(c.note), func(other int) bool { return other != amount }):
		return inWords(FeeInWords)
	}
	fee.Amount = &amount
	return fee, ""
}

// nothing says whether words behind a fee add nothing to it.
func nothing(note string) bool {
	switch strings.Trim(strings.ToLower(draft.Clean(note)), " .,;:-") {
	case "", "không", "không có", "không quy định", "chưa quy định", "không thu", "không thu phí", "không thu lệ phí", "không mất phí", "miễn phí",
		"không có thông tin":
		return true
	}
	return false
}

var moneyInWords = regexp.MustCompile(`(?i)(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đồng|vnđ|vnd|đ(?:[^\p{L}]|$))`)

// amounts are the sums in đồng that words give.
func amounts(words string) []int {
	var list []int
	for _, m := range moneyInWords.FindAllStringSubmatch(words, -1) {
		if amount, ok := amountOf(m[1]); ok {
			list = append(list, amount)
		}
	}
	return list
}

// amountOf is the number a sum begins with, its thousands parted by dots or
// commas.
func amountOf(text string) (int, bool) {
	number := strings.TrimRight(text[:strings.IndexFunc(text+" ", func(r rune) bool { return !strings.ContainsRune("0123456789.,", r) })], ".,")
	if !wholeAmount.MatchString(number) {
		return 0, false
	}
	amount, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(number), 10, 32)
	return int(amount), err == nil
}

var wholeAmount = regexp.MustCompile(`^(?:\d+|\d{1,3}(?:[.,]\d{3})+)$`)
