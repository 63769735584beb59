package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := newCache[int, int](3)
	for i := range 10 {
		c.put(i, i)
		c.put(i, -1) // what is held never changes
	}
	require.Len(t, c.held, 3)
	require.Len(t, c.order, 3)
	_, ok := c.get(6)
	require.False(t, ok)
	v, ok := c.get(9)
	require.True(t, ok)
	require.Equal(t, 9, v)
}
