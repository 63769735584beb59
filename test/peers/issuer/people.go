package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

// Stranger is the one user who is no officer.
const Stranger = "nguoi.la"

// people are the users: every officer of the example agencies, by the id they
// have there, and a stranger.
type people map[string]*storage.User

// newPeople reads them from the files of a directory, one agency each.
func newPeople(dir, password string) (people, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, fmt.Errorf("no agencies in %s", dir))
	}
	all := people{}
	all.add(Stranger, "Người Lạ", password)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var agency struct {
			Officers []struct{ ID, Name string }
		}
		if err := yaml.Unmarshal(text, &agency); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, officer := range agency.Officers {
			all.add(officer.ID, officer.Name, password)
		}
	}
	return all, nil
}

func (p people) add(username, name, password string) {
	p[username] = &storage.User{
		ID: subject(username), Username: username, Password: password, FirstName: name, PreferredLanguage: language.Vietnamese,
	}
}

// subject is opaque, as those of real issuers are.
func subject(username string) string {
	sum := sha256.Sum256([]byte("subject of " + username))
	return hex.EncodeToString(sum[:16])
}

// GetUserByID finds a user by their subject.
func (p people) GetUserByID(id string) *storage.User {
	for _, u := range p {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// GetUserByUsername finds a user by the name they sign in with.
func (p people) GetUserByUsername(username string) *storage.User { return p[username] }

// ExampleClientID names the example's service user; we have none.
func (p people) ExampleClientID() string { return storage.ServiceUserID }

// client is the example's web client, which may also sign out and may ask for
// what the profile says within the ID token.
type client struct {
	*storage.Client
	signedOut string
	small     bool
}

// PostLogoutRedirectURIs are where a browser may be sent after signing out.
func (c client) PostLogoutRedirectURIs() []string { return []string{c.signedOut} }

// IDTokenUserinfoClaimsAssertion says whether the ID token holds the profile.
func (c client) IDTokenUserinfoClaimsAssertion() bool { return !c.small }

// GetClientByClientID finds our client, with what we add to the example's.
func (r *register) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	if _, err := r.Storage.GetClientByClientID(ctx, id); err != nil {
		return nil, err
	}
	return r.client, nil
}
