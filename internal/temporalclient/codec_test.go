package temporalclient_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"motcua/internal/keyring"
	"motcua/internal/temporalclient"
	"motcua/workflows/contract"
)

func keys(t *testing.T) *keyring.Ring {
	t.Helper()
	r, err := keyring.Generate(time.Now()).Ring()
	require.NoError(t, err)
	return r
}

func TestPayloadsAreSealed(t *testing.T) {
	ring := keys(t)
	dc := temporalclient.DataConverter(ring)
	in := contract.FireInput{Dossier: "H00.101-261129-0001", Command: "bí mật"}
	p, err := dc.ToPayloads(in)
	require.NoError(t, err)
	raw, err := proto.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "bí mật")
	require.NotContains(t, string(raw), in.Dossier)
	var out contract.FireInput
	require.NoError(t, dc.FromPayloads(p, &out))
	require.Equal(t, in, out)

	t.Run("those from before are read", func(t *testing.T) {
		p, err := converter.GetDefaultDataConverter().ToPayloads(in)
		require.NoError(t, err)
		var out contract.FireInput
		require.NoError(t, dc.FromPayloads(p, &out))
		require.Equal(t, in, out)
	})
	t.Run("another ring does not open them", func(t *testing.T) {
		var out contract.FireInput
		require.Error(t, temporalclient.DataConverter(keys(t)).FromPayloads(p, &out))
		require.Zero(t, out)
	})
}

func TestFailuresAreSealed(t *testing.T) {
	o := temporalclient.Sealed(client.Options{}, keys(t))
	f := o.FailureConverter.ErrorToFailure(temporal.NewApplicationError("công dân Bí Mật", "unavailable", "chi tiết Bí Mật"))
	raw, err := proto.Marshal(f)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "Bí Mật")
	require.Contains(t, string(raw), "unavailable", "the type decides about retries")
	require.ErrorContains(t, o.FailureConverter.FailureToError(f), "công dân Bí Mật")
}

var errAway = errors.New("keys are away")

// away is a ring that cannot be reached.
type away struct{}

func (away) Seal([]byte, string) ([]byte, error) { return nil, errAway }
func (away) Open([]byte, string) ([]byte, error) { return nil, errAway }

func TestCodecFailsClosed(t *testing.T) {
	dc := temporalclient.DataConverter(away{})
	one, err := dc.ToPayload("bí mật")
	require.ErrorIs(t, err, errAway)
	require.Nil(t, one)
	many, err := dc.ToPayloads("bí mật")
	require.ErrorIs(t, err, errAway)
	require.Nil(t, many)
}
