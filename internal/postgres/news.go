package postgres

import (
	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// queueNews adds a decision to the feed of changes.
func queueNews(b *pgx.Batch, id int64, d engine.Decision) {
	first, last := d.Facts[0], d.Facts[len(d.Facts)-1]
	b.Queue(`INSERT INTO changes (agency, dossier_id, dossier, from_seq, to_seq, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		d.Case.Agency, id, d.Case.Dossier, first.Seq, last.Seq, last.At)
}
