package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestSearchFindsWholeNames: names are sealed, and found all the same, with and
// without diacritics, by whole words; nobody finds those beyond their reach.
func TestSearchFindsWholeNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	asked := request("an")
	asked.Applicant = engine.Applicant{Name: "Nguyễn Văn Ấn", ID: "001099000042"}
	s, err := w.Start(t.Context(), asked)
	require.NoError(t, err)
	w.start("another") // of Đặng Văn Ưỡng
	for query, found := range map[string]bool{
		"Nguyễn Văn Ấn": true, "nguyen van an": true, "NGUYEN AN": true, "ấn": true, "001099000042": true, "nguyễn văn ưỡng": false, "nguy": false, "nguyen van binh": false,
	} {
		list := codes(w.list(engine.Filter{Query: query}))
		if found {
			require.Equal(t, []string{s.Code}, list, query)
		} else {
			require.Empty(t, list, query)
		}
	}
	require.Len(t, w.list(engine.Filter{Query: "van"}).Records, 2)
	page, err := w.List(t.Context(), engine.Filter{Query: "nguyen van an", Reach: engine.ReachOf(w.officer("chi"), engine.ScopeDepartment)})
	require.NoError(t, err)
	require.Empty(t, page.Records)
	n, err := w.Count(t.Context(), engine.Filter{Query: "nguyen van an", Reach: everything(agency)})
	require.NoError(t, err)
	require.Equal(t, 1, n.Count)
}
