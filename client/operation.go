package client

import "net/http"

// operation is a route of the API as the client uses it. Tests hold the table
// below to the server's OpenAPI document, down to the last property.
type operation struct {
	id, method, path    string
	query, body, answer any // zero values of what goes with it, or nil
}

var (
	startDossier = operation{"start-dossier", http.MethodPost, "/api/v1/dossiers", nil, StartRequest{}, Answer{}}
	fireEvent    = operation{"fire-event", http.MethodPost, "/api/v1/dossiers/{code}/events", nil, Event{}, Answer{}}
	getDossier   = operation{"get-dossier", http.MethodGet, "/api/v1/dossiers/{code}", nil, nil, Dossier{}}
	listDossiers = operation{"list-dossiers", http.MethodGet, "/api/v1/dossiers", Filter{}, nil, page{}}
	listFacts    = operation{"list-facts", http.MethodGet, "/api/v1/dossiers/{code}/facts", nil, nil, factList{}}
	listClocks   = operation{"list-clocks", http.MethodGet, "/api/v1/dossiers/{code}/clocks", nil, nil, clockList{}}
	portalStatus = operation{"get-portal-status", http.MethodGet, "/api/v1/dossiers/{code}/portal", nil, nil, Portal{}}
	whoAmI       = operation{"who-am-i", http.MethodGet, "/api/v1/me", nil, nil, Me{}}
)

var operations = []operation{startDossier, fireEvent, getDossier, listDossiers, listFacts, listClocks, portalStatus, whoAmI}
