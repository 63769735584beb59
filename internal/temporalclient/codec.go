package temporalclient

import (
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

// Keys seal what passes through Temporal.
type Keys interface {
	Seal(plain []byte, place string) ([]byte, error)
	Open(sealed []byte, place string) ([]byte, error)
}

// Sealed gives the options of a client that seals whatever passes through
// Temporal: arguments, results, markers and the texts of failures. What is in
// them today are codes, ids, states and moments; sealed is the rule, so that a
// mistake of tomorrow is not written down in the clear.
func Sealed(o client.Options, keys Keys) client.Options {
	o.DataConverter = DataConverter(keys)
	o.FailureConverter = temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter: o.DataConverter, EncodeCommonAttributes: true,
	})
	return o
}

// DataConverter seals payloads; those from before there were keys are read as
// they are, so that workflows that run already go on.
func DataConverter(keys Keys) converter.DataConverter {
	return closed{converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), codec{keys})}
}

// closed fails closed: the SDK's converter returns the plain payload beside the
// error of a codec.
type closed struct{ converter.DataConverter }

// ToPayload implements the SDK's interface.
func (c closed) ToPayload(value any) (*commonpb.Payload, error) {
	p, err := c.DataConverter.ToPayload(value)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// ToPayloads implements the SDK's interface.
func (c closed) ToPayloads(values ...any) (*commonpb.Payloads, error) {
	p, err := c.DataConverter.ToPayloads(values...)
	if err != nil {
		return nil, err
	}
	return p, nil
}

const (
	encodingSealed = "binary/encrypted"
	// payloadPlace binds what is sealed here to Temporal: the ledger's does not
	// open there, nor the other way round.
	payloadPlace = "temporal/payload"
)

// Codec is what [Sealed] seals with, for tools that read histories.
func Codec(keys Keys) converter.PayloadCodec { return codec{keys} }

type codec struct{ keys Keys }

// Encode seals payloads whole, with what they say of themselves.
func (c codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, err
		}
		sealed, err := c.keys.Seal(plain, payloadPlace)
		if err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encodingSealed)}, Data: sealed}
	}
	return out, nil
}

// Decode opens what was sealed.
func (c codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if string(p.GetMetadata()[converter.MetadataEncoding]) != encodingSealed {
			out[i] = p
			continue
		}
		plain, err := c.keys.Open(p.GetData(), payloadPlace)
		if err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(plain, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
