// Receiver is an example of a subscriber: it verifies what motcua sends it,
// drops repetitions, and prints the rest.
//
//	SECRET=whsec_… go run ./examples/receiver -listen 127.0.0.1:9000
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9000", "address to listen on")
	flag.Parse()
	hook, err := standardwebhooks.NewWebhook(os.Getenv("SECRET"))
	if err != nil || os.Getenv("SECRET") == "" {
		log.Fatal("SECRET is the secret of the subscription, whsec_…")
	}
	server := &http.Server{Addr: *listen, Handler: &receiver{hook: hook, seen: map[string]bool{}, out: os.Stdout}, ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// receiver remembers what it has seen; a real one keeps that in its database,
// in the transaction in which it acts.
type receiver struct {
	hook *standardwebhooks.Webhook
	out  io.Writer

	mu   sync.Mutex
	seen map[string]bool
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 1<<20))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err := r.hook.Verify(body, req.Header); err != nil {
		http.Error(w, "not from motcua", http.StatusUnauthorized)
		return
	}
	var e event.Event
	if err := e.UnmarshalJSON(body); err != nil {
		http.Error(w, "not an event", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[e.ID()] {
		return // taken before: the answer is 200 again
	}
	r.seen[e.ID()] = true
	_, _ = fmt.Fprintf(r.out, "%s %s %s\n", e.Time().Format(time.RFC3339), e.Subject(), e.Type())
}
