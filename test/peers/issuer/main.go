// Command issuer is an OpenID Connect issuer for tests: zitadel's provider with
// the officers of the example agencies as its users. It signs real tokens with
// keys of its own. Everybody has the same password, so it is for tests only.
//
//	cd test/peers/issuer && go run . --listen 127.0.0.1:9998 --redirect http://127.0.0.1:8080/sign-in/callback
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// options are what the issuer is told.
type options struct {
	listen, issuer      string
	client, secret      string
	redirect, signedOut string
	organisations       string
	password            string
	small               bool
}

func main() {
	var o options
	flag.StringVar(&o.listen, "listen", "127.0.0.1:0", "address to listen on")
	flag.StringVar(&o.issuer, "issuer", "", "what the issuer calls itself, where browsers reach it otherwise than by --listen")
	flag.StringVar(&o.client, "client", "motcua", "id of the client")
	flag.StringVar(&o.secret, "secret", "", "secret of the client")
	flag.StringVar(&o.redirect, "redirect", "", "where the client is sent back to after signing in")
	flag.StringVar(&o.signedOut, "signed-out", "", "where the client is sent back to after signing out")
	flag.StringVar(&o.organisations, "organisations", "../../../definitions/organisations", "directory of the agencies whose officers are the users")
	flag.StringVar(&o.password, "password", "mật khẩu", "everybody's password")
	flag.BoolVar(&o.small, "small-tokens", false, "keep what the profile says out of ID tokens: it is asked for at the userinfo endpoint")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "issuer:", err)
		os.Exit(1)
	}
}

// run serves until the context ends. The line on standard output says where.
func run(ctx context.Context, o options) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	if o.issuer == "" {
		o.issuer = address
	}
	people, err := newPeople(o.organisations, o.password)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	router := exampleop.SetupServer(o.issuer, newRegister(people, o), log, false)
	server := &http.Server{Handler: router, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // nothing of it is worth waiting for
	}()
	fmt.Println("issuer is ready at " + address)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// register is the example's store of sign-ins and tokens, with our client.
type register struct {
	*storage.Storage
	client client
}

func newRegister(people storage.UserStore, o options) *register {
	web := storage.WebClient(o.client, o.secret, o.redirect)
	return &register{
		Storage: storage.NewStorageWithClients(people, map[string]*storage.Client{o.client: web}),
		client:  client{Client: web, signedOut: o.signedOut, small: o.small},
	}
}
