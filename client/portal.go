package client

import "context"

// Portal is a dossier in the words that the national portal and the provinces'
// systems exchange. Moments are written yyyyMMddHHmmss, in Vietnam's time.
type Portal struct {
	Code    string         `json:"code"`
	Channel int            `json:"channel"` // 1 in person, 2 online, 3 by post
	Status  int            `json:"status"`  // the official code, 1 to 10
	Name    Text           `json:"name"`
	Started string         `json:"started"`
	Due     string         `json:"due"`
	Closed  string         `json:"closed"`
	Log     []ProcessEntry `json:"log"`
}

// ProcessEntry is one line of the process log (quá trình xử lý).
type ProcessEntry struct {
	Person  string `json:"person"`
	At      string `json:"at"`
	Content string `json:"content"`
	Status  int    `json:"status"`
	Due     string `json:"due"`
}

// Portal reads the official status of a dossier and how it got there.
func (c *Client) Portal(ctx context.Context, code string) (Portal, error) {
	var out Portal
	_, err := c.send(ctx, call{operation: portalStatus, code: code}, &out)
	return out, err
}
