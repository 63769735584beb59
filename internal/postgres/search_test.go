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

// TestSearchOfWhatManyHave: a word or a code that thousands have is come across
// in the order of the list, one that few have is looked up: both find the same.
func TestSearchOfWhatManyHave(t *testing.T) {
	t.Parallel()
	const copies = 2100
	w := newWorld(t, birth())
	asked := request("an")
	asked.Applicant = engine.Applicant{Name: "Nguyễn Văn Ấn"}
	s, err := w.Start(t.Context(), asked)
	require.NoError(t, err)
	w.start("another") // of Đặng Văn Ưỡng
	w.exec(`INSERT INTO dossiers OVERRIDING SYSTEM VALUE
		SELECT (jsonb_populate_record(d, jsonb_build_object('id', 1000000 + n, 'code', d.code || '-' || n))).*
		FROM dossiers d, generate_series(1, $2::int) AS n WHERE d.code <> $1`, s.Code, copies)
	w.exec(`INSERT INTO dossier_terms (agency, term, dossier_id)
		SELECT t.agency, t.term, d.id FROM dossier_terms t JOIN dossiers o ON o.id = t.dossier_id JOIN dossiers d ON d.id > 1000000 WHERE o.code <> $1`, s.Code)
	for query, found := range map[string]int{
		"văn": copies + 2, "uong": copies + 1, "Đặng Văn Ưỡng": copies + 1, "ấn": 1, "nguyen van": 1, "nguyen dang": 0,
		s.Code: 1, s.Code[:len(s.Code)-1]: copies + 2, agency: copies + 2, "H99": 0,
	} {
		f := engine.Filter{Query: query, Reach: everything(agency), Limit: 500}
		n, err := w.Count(t.Context(), f)
		require.NoError(t, err)
		require.Equal(t, found, n.Count, query)
		listed := map[string]bool{}
		for {
			page, err := w.List(t.Context(), f)
			require.NoError(t, err)
			for _, code := range codes(page) {
				listed[code] = true
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		require.Len(t, listed, found, query)
	}
	none, err := w.Count(t.Context(), engine.Filter{Query: "van", Reach: everything("H02")})
	require.NoError(t, err)
	require.Zero(t, none.Count, "of another agency")
}
