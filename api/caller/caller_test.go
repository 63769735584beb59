package caller_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/caller"
	"motcua/engine"
)

func TestPreferred(t *testing.T) {
	for header, want := range map[string]caller.Lang{
		"":                        caller.VI,
		"en":                      caller.EN,
		"EN-us":                   caller.EN,
		"vi-VN,vi;q=0.9,en;q=0.8": caller.VI,
		"en-GB,en;q=0.9,vi;q=0.8": caller.EN,
		"vi;q=0.2, en;q=0.7":      caller.EN,
		"fr":                      caller.VI,
		"*":                       caller.VI,
		"en;q=0":                  caller.VI,
		"en;q=nonsense":           caller.VI,
		"en;q=9":                  caller.VI,
	} {
		require.Equal(t, want, caller.Preferred(header), header)
	}
}

func TestText(t *testing.T) {
	name := engine.Text{VI: "Tiếp nhận", EN: "Received"}
	require.Equal(t, "Received", caller.EN.Text(name))
	require.Equal(t, "Tiếp nhận", caller.VI.Text(name))
	require.Equal(t, "Tiếp nhận", caller.EN.Text(engine.Text{VI: "Tiếp nhận"}), "English may be missing")
	require.Equal(t, "vi", caller.Lang("").Tag())
}

func TestTrace(t *testing.T) {
	id := "4bf92f3577b34da6a3ce929d0e0e4736"
	require.Equal(t, id, caller.Trace("00-"+id+"-00f067aa0ba902b7-01"))
	for _, bad := range []string{"", "00", "00-" + strings.ToUpper(id) + "-1-1", "00-" + strings.Repeat("0", 32) + "-1-1", "00-<script>-1-1"} {
		require.Regexp(t, "^[0-9a-f]{32}$", caller.Trace(bad), bad)
		require.NotEqual(t, id, caller.Trace(bad))
	}
}

func TestCall(t *testing.T) {
	require.NotNil(t, caller.From(t.Context()))
	require.False(t, caller.From(t.Context()).Known())
}
