package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
)

// Tracing says whether spans are sent to a collector. The variables are
// OpenTelemetry's own, and its SDK reads them with all the others (headers,
// certificates, batches); these are read here too, because the SDK starts with
// a setting that is off and sends into nothing.
type Tracing struct {
	// OTLPEndpoint is the base of a collector's addresses, such as
	// http://collector:4318; spans go to /v1/traces there.
	OTLPEndpoint string `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`
	// OTLPTracesEndpoint is where spans go, whole; it wins.
	OTLPTracesEndpoint string `env:"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"`
	// OTLPProtocol and OTLPTracesProtocol are how; the second wins.
	OTLPProtocol       string `env:"OTEL_EXPORTER_OTLP_PROTOCOL"`
	OTLPTracesProtocol string `env:"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"`
	// TracesExporter is otlp or none.
	TracesExporter string `env:"OTEL_TRACES_EXPORTER"`
	// TracesSampler says which requests are traced.
	TracesSampler string `env:"OTEL_TRACES_SAMPLER"`
	// SDKDisabled turns everything of OpenTelemetry off.
	SDKDisabled bool `env:"OTEL_SDK_DISABLED"`
}

// samplers are those of the SDK.
var samplers = []string{"", "always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"}

// Traced says whether spans are made at all: somebody must want them.
func (t Tracing) Traced() bool {
	return (t.OTLPEndpoint != "" || t.OTLPTracesEndpoint != "") && t.TracesExporter != "none" && !t.SDKDisabled
}

// validate never repeats an address: it may hold a token.
func (t Tracing) validate() error {
	if !t.Traced() {
		return nil
	}
	errs := []error{
		collector("OTEL_EXPORTER_OTLP_ENDPOINT", t.OTLPEndpoint),
		collector("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", t.OTLPTracesEndpoint),
	}
	protocol := t.OTLPTracesProtocol
	if protocol == "" {
		protocol = t.OTLPProtocol
	}
	if !slices.Contains([]string{"", "http/protobuf", "http/json"}, protocol) {
		errs = append(errs, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q: spans are sent by http/protobuf or http/json", protocol))
	}
	if !slices.Contains([]string{"", "otlp"}, t.TracesExporter) {
		errs = append(errs, fmt.Errorf("OTEL_TRACES_EXPORTER is %q, not otlp or none", t.TracesExporter))
	}
	if !slices.Contains(samplers, t.TracesSampler) {
		errs = append(errs, fmt.Errorf("OTEL_TRACES_SAMPLER is %q, not one of %q", t.TracesSampler, samplers[1:]))
	}
	return errors.Join(errs...)
}

func collector(name, address string) error {
	u, err := url.Parse(address)
	if address == "" || err == nil && u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	return fmt.Errorf("%s is not an address such as http://collector:4318", name)
}
