package e2e_test

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes spans as a real one does, by OTLP over HTTP, and keeps them.
type collector struct {
	variables []string // of a process that sends here

	mu    sync.Mutex
	raw   []byte
	spans []span
}

// span is one as it was received, and which process sent it.
type span struct {
	*tracepb.Span
	service, role string
}

func (s span) trace() string { return hex.EncodeToString(s.GetTraceId()) }

func (s span) says(key string) string { return valueOf(s.GetAttributes(), key) }

func valueOf(list []*commonpb.KeyValue, key string) string {
	for _, a := range list {
		if a.GetKey() == key {
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body = unzipped
	}
	text, err := io.ReadAll(body)
	var sent collectorpb.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(text, &sent) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw = append(c.raw, text...)
	for _, from := range sent.GetResourceSpans() {
		about := from.GetResource().GetAttributes()
		for _, scope := range from.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, span{Span: s, service: valueOf(about, "service.name"), role: valueOf(about, "motcua.role")})
			}
		}
	}
}

// all is every span received so far, and everything as it was received.
func (c *collector) all() ([]span, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans), slices.Clone(c.raw)
}

// of lists the spans of a trace in the order they began.
func (c *collector) of(trace string) []span {
	all, _ := c.all()
	list := slices.DeleteFunc(all, func(s span) bool { return s.trace() != trace })
	slices.SortStableFunc(list, func(a, b span) int { return int(a.GetStartTimeUnixNano()) - int(b.GetStartTimeUnixNano()) })
	return list
}

// roots lists the spans that have no parent.
func (c *collector) roots() []span {
	all, _ := c.all()
	return slices.DeleteFunc(all, func(s span) bool { return len(s.GetParentSpanId()) > 0 })
}

// tree draws a trace as an operator sees it.
func tree(list []span) string {
	var b strings.Builder
	var draw func(parent []byte, depth int)
	draw = func(parent []byte, depth int) {
		for _, s := range list {
			if string(s.GetParentSpanId()) == string(parent) {
				ms := float64(s.GetEndTimeUnixNano()-s.GetStartTimeUnixNano()) / 1e6
				fmt.Fprintf(&b, "%-58s %-7s %6.1f ms\n", strings.Repeat("  ", depth)+s.GetName(), s.role, ms)
				draw(s.GetSpanId(), depth+1)
			}
		}
	}
	draw(nil, 0)
	return b.String()
}

// above lists the names of a span and of all it is a part of, up to the root.
func above(list []span, s span) []string {
	names := []string{s.GetName()}
	for len(s.GetParentSpanId()) > 0 {
		i := slices.IndexFunc(list, func(p span) bool { return string(p.GetSpanId()) == string(s.GetParentSpanId()) })
		if i < 0 {
			return append(names, "a span nobody sent")
		}
		s = list[i]
		names = append(names, s.GetName())
	}
	return names
}

// traced has an API and a worker that are traced take the place of the usual
// ones until the test ends.
func traced(t *testing.T) *collector {
	t.Helper()
	c := w.collector
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	replace := func(variables ...string) {
		for _, p := range []struct {
			at   **process
			verb string
		}{{&w.worker, "worker"}, {&w.api, "api"}} {
			(*p.at).kill()
			started, err := w.start(context.Background(), p.verb, variables...)
			require.NoError(t, err)
			*p.at = started
		}
	}
	t.Cleanup(func() { replace() })
	c.variables = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + s.URL, "OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}
	replace(c.variables...)
	return c
}
