package postgres_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/activities"
	"motcua/activities/ledgertest"
	"motcua/api"
	"motcua/engine"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
	"motcua/worker"
)

// The ports that the ledger answers.
var (
	_ activities.Ledger = (*postgres.Ledger)(nil)
	_ worker.Outbox     = (*postgres.Ledger)(nil)
	_ api.Ledger        = (*postgres.Ledger)(nil)
	_ api.Dossiers      = (*postgres.Ledger)(nil)
	_ api.Procedures    = (*postgres.Ledger)(nil)
	_ api.People        = (*postgres.Ledger)(nil)
	_ api.Health        = (*postgres.Ledger)(nil)
)

// TestConformance runs the suite that every ledger of the activities has to pass.
func TestConformance(t *testing.T) {
	t.Parallel()
	ledgertest.Suite(t, func(t *testing.T) ledgertest.Bench {
		w := worldAt(t, pgtest.URL(t), ledgertest.Definition())
		w.publish(ledgertest.PartDefinition())
		org := engine.Organisation{
			Agency:      engine.Agency{Code: ledgertest.Agency, Level: "commune", Calendar: "around-the-clock"},
			Departments: []engine.Department{{Code: "one-stop"}},
			Officers:    []engine.Officer{{ID: ledgertest.Clerk.ID, Name: "Thử", Roles: ledgertest.Clerk.Roles}},
		}
		require.NoError(t, w.PutOrganisation(t.Context(), org))
		opened := 0
		return ledgertest.Bench{
			Ledger: w,
			Start: func(t *testing.T) string {
				opened++
				r := engine.StartRequest{
					Key: strconv.Itoa(opened), Actor: ledgertest.Clerk, Agency: ledgertest.Agency,
					Procedure: ledgertest.Definition().Code, Channel: "online",
				}
				s, err := w.Start(t.Context(), r)
				require.NoError(t, err)
				return s.Code
			},
			Submit: func(t *testing.T, cmd engine.Command) {
				_, err := w.Submit(t.Context(), cmd)
				require.NoError(t, err)
			},
			Facts: func(t *testing.T, dossier string) []engine.Fact {
				stored, err := w.Facts(t.Context(), ledgertest.Agency, dossier)
				require.NoError(t, err)
				facts := make([]engine.Fact, len(stored))
				for i, f := range stored {
					facts[i] = f.Fact
				}
				return facts
			},
		}
	})
}
