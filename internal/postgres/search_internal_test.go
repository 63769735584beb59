package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPersonsNumbersAreNoCodes: what is taken for the beginning of a code goes
// to the database as text, and nobody's number may.
func TestPersonsNumbersAreNoCodes(t *testing.T) {
	t.Parallel()
	for query, may := range map[string]bool{
		"H00.101": true, "h00": true, "000.00.01.H26-261123-0001": true, "261123": true, "20261123": true,
		"001099000042": false, "0912345678": false, "123456789": false, "Nguyễn": false, "van an": false,
	} {
		require.Equal(t, may, mayBeginCode(query), query)
	}
}
