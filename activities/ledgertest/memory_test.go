package ledgertest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/activities/ledgertest"
	"motcua/engine"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	ledgertest.Suite(t, func(*testing.T) ledgertest.Bench {
		rules := ledgertest.Rules()
		m := ledgertest.NewMemory(rules, time.Now)
		m.OpenBy(ledgertest.Parts)
		opened := 0
		return ledgertest.Bench{
			Ledger: m,
			Start: func(t *testing.T) string {
				opened++
				code := fmt.Sprintf("%s-260101-%04d", ledgertest.Agency, opened)
				_, err := m.Start(code, ledgertest.Opening(rules.Machine), ledgertest.Clerk)
				require.NoError(t, err)
				return code
			},
			Submit: func(t *testing.T, cmd engine.Command) { require.NoError(t, m.Submit(context.Background(), cmd)) },
			Facts:  func(_ *testing.T, dossier string) []engine.Fact { return m.Facts(dossier) },
		}
	})
}
