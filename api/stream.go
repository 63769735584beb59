package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"motcua/api/caller"
	"motcua/engine"
)

const (
	// streamLife is how long one stream lasts before the client opens the next
	// and is asked again who it is. EventSource does so by itself.
	streamLife  = 5 * time.Minute
	streamAlive = 15 * time.Second // a line in between, so that proxies keep it open
	streamWrite = 10 * time.Second // how long a client may take to take a line
	actGlance   = time.Second
)

// What a stream tells.
const (
	streamDossier = "dossier-changed"
	streamAct     = "act-progress"
	streamActDone = "act-done"
	mediaStream   = "text/event-stream"
)

type streamInput struct {
	Last       string `header:"Last-Event-ID" maxLength:"64" doc:"Id of the last event heard: what came since is told first"`
	Department string `query:"department" maxLength:"64" doc:"Only what stands in this department, or comes there or leaves it"`
}

type dossierStreamInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Last string `header:"Last-Event-ID" maxLength:"64" doc:"Id of the last event heard: what came since is told first"`
}

func (m *machineAPI) registerStreams(a huma.API) {
	for _, s := range []struct {
		op  operation
		add func(op operation)
	}{
		{operation{id: "stream-queue", path: "/api/v1/stream", verb: engine.VerbListDossiers, tag: "streams",
			summary: "Hear of every change of the dossiers within the caller's scope"}, func(op operation) { register(a, op, m.streamQueue) }},
		{operation{id: "stream-dossier", path: "/api/v1/dossiers/{code}/stream", verb: engine.VerbReadDossier, tag: "streams",
			summary: "Hear of every change of a dossier"}, func(op operation) { register(a, op, m.streamDossier) }},
		{operation{id: "stream-act", path: actPath + "/stream", verb: engine.VerbReadActs, tag: "streams",
			summary: "Hear how far an act on many dossiers has come"}, func(op operation) { register(a, op, m.streamAct) }},
	} {
		s.op.method, s.op.stream = http.MethodGet, true
		s.add(s.op)
		responses(a, s.op)["200"].Content = map[string]*huma.MediaType{mediaStream: {Schema: &huma.Schema{Type: huma.TypeString}}}
	}
}

func (m *machineAPI) streamQueue(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	call := caller.From(ctx)
	reach := engine.ReachOf(call.Actor, call.Scope)
	only := engine.Reach{Agency: reach.Agency, Departments: []string{in.Department}}
	return m.changes(ctx, in.Last, func(c engine.Change) bool {
		return c.Within(reach) && (in.Department == "" || c.Within(only))
	})
}

func (m *machineAPI) streamDossier(ctx context.Context, in *dossierStreamInput) (*huma.StreamResponse, error) {
	agency := caller.From(ctx).Actor.Agency
	if _, _, err := m.Dossiers.Get(ctx, agency, in.Code); err != nil {
		return nil, err
	}
	return m.changes(ctx, in.Last, func(c engine.Change) bool { return c.Agency == agency && c.Dossier == in.Code })
}

// changes streams those changes that are wanted: first what came since the
// last one heard, then what comes.
func (m *machineAPI) changes(ctx context.Context, last string, wanted func(engine.Change) bool) (*huma.StreamResponse, error) {
	var since *engine.Position
	if last != "" {
		p, err := engine.ParsePosition(last)
		if err != nil {
			return nil, &engine.Error{Code: engine.CodeInvalid, Message: "Last-Event-ID is not one of this stream"}
		}
		since = &p
	}
	l, err := m.hub.listen(ctx)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer m.hub.leave(l)
		s := newStream(m.hub.stopped, hctx)
		defer s.cancel()
		tell := func(c engine.Change) bool { return !wanted(c) || s.send(c.Position.String(), streamDossier, c) }
		if since != nil && !m.missed(s, *since, l.from, tell) {
			return
		}
		s.follow(l, tell)
	}}, nil
}

// missed tells what lies between two positions; false when the stream ended.
func (m *machineAPI) missed(s *stream, after, until engine.Position, tell func(engine.Change) bool) bool {
	for until.After(after) {
		list, err := m.hub.feed.Changes(s.ctx, after, hubBatch)
		if err != nil || len(list) == 0 {
			return err == nil
		}
		for _, c := range list {
			if c.Position.After(until) {
				return true
			}
			if !tell(c) {
				return false
			}
			after = c.Position
		}
	}
	return true
}

func (m *machineAPI) streamAct(ctx context.Context, in *actInput) (*huma.StreamResponse, error) {
	agency := caller.From(ctx).Actor.Agency
	record, err := m.Acts.Act(ctx, agency, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		s := newStream(m.hub.stopped, hctx)
		defer s.cancel()
		told := -1
		for err == nil {
			name := streamAct
			if record.State != engine.MigrationRunning {
				name = streamActDone
			}
			done := record.Counts.Total - record.Counts.Pending
			if done != told && !s.send("", name, record) || name == streamActDone || !s.wait(actGlance) {
				return
			}
			told = done
			record, err = m.Acts.Act(s.ctx, agency, in.ID)
		}
	}}, nil
}

// stream writes server-sent events (WHATWG HTML 9.2) to one client.
type stream struct {
	ctx     context.Context //nolint:containedctx // as long as the client, the server and the stream's life last
	cancel  context.CancelFunc
	to      io.Writer
	control *http.ResponseController
	alive   time.Time
}

func newStream(stopped context.Context, hctx huma.Context) *stream {
	r, w := humago.Unwrap(hctx)
	s := &stream{to: w, control: http.NewResponseController(w)}
	s.ctx, s.cancel = context.WithTimeout(r.Context(), streamLife)
	context.AfterFunc(stopped, s.cancel)
	_ = s.control.SetReadDeadline(time.Time{}) // or the server's own would end it
	hctx.SetHeader("Content-Type", mediaStream)
	hctx.SetHeader("X-Accel-Buffering", "no") // for proxies that would hold it back
	hctx.SetStatus(http.StatusOK)
	s.write("retry: 1000\n\n")
	return s
}

// send tells one event; false when nobody is there any more.
func (s *stream) send(id, name string, data any) bool {
	text, err := json.Marshal(data)
	if err != nil {
		return false
	}
	line := ""
	if id != "" {
		line = "id: " + id + "\n"
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", line, name, text))
}

func (s *stream) write(text string) bool {
	_ = s.control.SetWriteDeadline(time.Now().Add(streamWrite))
	_, err := io.WriteString(s.to, text)
	if err == nil {
		err = s.control.Flush()
	}
	s.alive = time.Now()
	return err == nil && s.ctx.Err() == nil
}

// follow tells what comes, and in between that it is still there.
func (s *stream) follow(l *listener, tell func(engine.Change) bool) {
	still := time.NewTicker(streamAlive)
	defer still.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case c, more := <-l.changes:
			if !more || !tell(c) {
				return
			}
		case <-still.C:
			if !s.write(": still here\n\n") {
				return
			}
		}
	}
}

// wait lets some time pass; false when the stream ended meanwhile.
func (s *stream) wait(d time.Duration) bool {
	select {
	case <-s.ctx.Done():
		return false
	case <-time.After(d):
		return time.Since(s.alive) < streamAlive || s.write(": still here\n\n")
	}
}
