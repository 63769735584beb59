package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

// feed tells the changes of a world: one for each command that left facts.
type feed struct{ w *world }

func (f *feed) Changes(_ context.Context, after engine.Position, limit int) ([]engine.Change, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	var out []engine.Change
	for _, c := range f.w.news {
		if c.Position.After(after) && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, f.w.broken
}

func (f *feed) LatestChange(context.Context) (engine.Position, error) {
	f.w.mu.Lock()
	defer f.w.mu.Unlock()
	if n := len(f.w.news); n > 0 {
		return f.w.news[n-1].Position, f.w.broken
	}
	return engine.Position{}, f.w.broken
}

// told is one event of a stream.
type told struct {
	id, name string
	change   engine.Change
}

// listen opens a stream over a real connection and passes on what it tells.
func (s *site) listen(path string, with ...with) <-chan told {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.server.Addr()+path, nil)
	require.NoError(s.t, err)
	for _, change := range with {
		change(r)
	}
	res, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(s.t, http.StatusOK, res.StatusCode)
	require.Equal(s.t, "text/event-stream", res.Header.Get("Content-Type"))
	out := make(chan told, 64)
	go func() {
		defer close(out)
		var e told
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				_ = json.Unmarshal([]byte(value), &e.change)
			case "":
				if e.name != "" {
					out <- e
				}
				e = told{}
			}
		}
	}()
	return out
}

func next(t *testing.T, events <-chan told) told {
	t.Helper()
	select {
	case e, more := <-events:
		require.True(t, more, "the stream has ended")
		return e
	case <-time.After(10 * time.Second):
		require.FailNow(t, "nothing was told")
		return told{}
	}
}

func streaming(t *testing.T) *site {
	t.Helper()
	s := newSite(t, func(o *api.Options) { o.Now = time.Now })
	require.NoError(t, s.server.Start(t.Context(), "127.0.0.1:0"))
	t.Cleanup(func() { require.NoError(t, s.server.Stop(context.Background())) })
	return s
}

func TestStreams(t *testing.T) {
	s := streaming(t)
	first, second, lan := s.started(), s.started(), s.signedIn("lan")
	queue := s.listen("/api/v1/stream", lan)
	one := s.listen("/api/v1/dossiers/"+first+"/stream", lan)
	elsewhere := s.listen("/api/v1/stream?department=civil-status", s.signedIn("hoa"))

	s.event(second, "claim", lan)
	s.event(first, "claim", lan)
	e := next(t, queue)
	require.Equal(t, "dossier-changed", e.name)
	require.Equal(t, second, e.change.Dossier)
	require.Equal(t, first, next(t, queue).change.Dossier)
	heard := next(t, one)
	require.Equal(t, first, heard.change.Dossier, "the other dossier's is not told here")
	require.NotEmpty(t, heard.change.Facts)

	t.Run("go on behind the last event heard", func(t *testing.T) {
		s.event(first, "release", lan)
		s.event(first, "accept", lan)
		again := s.listen("/api/v1/dossiers/"+first+"/stream", lan, header("Last-Event-ID", heard.id))
		require.Equal(t, heard.change.Seq+1, next(t, again).change.FromSeq)
		require.Contains(t, next(t, again).change.Facts, engine.FactStateEntered)
	})
	t.Run("tell of a department what comes there", func(t *testing.T) {
		require.Equal(t, first, next(t, elsewhere).change.Dossier, "the first it hears is that it was sent there")
	})
	t.Run("refuse a position that is none", func(t *testing.T) {
		s.get("/api/v1/stream", lan, header("Last-Event-ID", "yesterday")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	})
	t.Run("hold no names", func(t *testing.T) {
		text, err := json.Marshal(heard.change)
		require.NoError(t, err)
		require.NotContains(t, string(text), "Trần")
	})
}

func TestStreamsAreBounded(t *testing.T) {
	s := streaming(t)
	lan := s.signedIn("lan")
	for range 16 {
		s.listen("/api/v1/stream", lan)
	}
	s.get("/api/v1/stream", lan).refusal(t, http.StatusTooManyRequests, engine.CodeTooManyRequests)
	require.Equal(t, http.StatusOK, s.get("/api/v1/me", lan).StatusCode, "and take nothing from other requests")
}

func TestStreamsEndWithTheServer(t *testing.T) {
	s := streaming(t)
	events := s.listen("/api/v1/stream", s.signedIn("lan"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, s.server.Stop(ctx), "it does not wait for who listens")
	_, more := <-events
	require.False(t, more)
}
