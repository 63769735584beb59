package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"net/url"
	"path"

	"motcua/api/caller"
)

// frame is what every page shows around its content.
type frame struct {
	Lang    caller.Lang
	Title   string
	Officer string // name; empty when nobody is signed in
	CanExit bool
	CSS     string
	Other   string // this page in the other language
	Script  string
	Live    bool // the page tells how far something has come: the script follows it, and without scripts it is read anew
}

func (s *Site) frame(r *http.Request, title string) frame {
	call := caller.From(r.Context())
	return frame{
		Lang: call.Lang, Title: title, Officer: call.Officer.Name,
		CanExit: s.Sessions != nil && call.Known(), CSS: s.css.path, Script: s.live.path, Other: inLanguage(r, otherLang(call.Lang)),
	}
}

func otherLang(l caller.Lang) caller.Lang {
	if l == caller.EN {
		return caller.VI
	}
	return caller.EN
}

// langCookie remembers the language chosen.
const langCookie = "motcua_lang"

// speak settles the language of a page: the one asked for in the address, else
// the one chosen before, else Vietnamese, whatever the browser prefers.
func (s *Site) speak(w http.ResponseWriter, r *http.Request) {
	call := caller.From(r.Context())
	if lang, ok := caller.ParseLang(r.URL.Query().Get("lang")); ok {
		call.Lang = lang
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang.Tag(), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return
	}
	call.Lang = caller.VI
	if cookie, err := r.Cookie(langCookie); err == nil {
		if lang, ok := caller.ParseLang(cookie.Value); ok {
			call.Lang = lang
		}
	}
}

// inLanguage is the address of this page in a language. What a form was sent
// to is no page, so it leads to the page the form stood on.
func inLanguage(r *http.Request, lang caller.Lang) string {
	where := url.URL{Path: r.URL.Path}
	values := url.Values{}
	if r.Method == http.MethodGet {
		values = r.URL.Query()
	} else {
		where.Path = path.Dir(where.Path)
	}
	values.Set("lang", lang.Tag())
	where.RawQuery = values.Encode()
	return where.String()
}

// query writes one or more parameters, in pairs of name and value, leaving out
// empty ones.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return values.Encode()
}

//go:embed style.css live.js
var files embed.FS

// asset is a file served under a name that changes with its content, so that
// browsers may keep it for ever.
type asset struct {
	path  string
	media string
	body  []byte
}

func newAsset(name, media string) asset {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	sum := sha256.Sum256(body)
	return asset{path: "/assets/" + hex.EncodeToString(sum[:6]) + "/" + name, media: media + "; charset=utf-8", body: body}
}

func (a asset) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", a.media)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.body) // the client may be gone
}

// dossierHref is the address of a dossier's page.
func dossierHref(code string) string { return "/dossiers/" + url.PathEscape(code) }
