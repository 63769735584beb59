package webhook

import (
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"

	"motcua/engine"
)

// mediaType is what bodies are: a CloudEvent in its structured form.
const mediaType = "application/cloudevents+json"

// body writes an announcement as a CloudEvent. It is the same text each time,
// so a subscriber may compare repetitions.
func body(a engine.Announcement) ([]byte, error) {
	e := event.New(event.CloudEventsVersionV1)
	e.SetID(a.ID)
	e.SetType(a.Type)
	e.SetSource("/agencies/" + a.Agency)
	e.SetSubject(a.Dossier)
	e.SetTime(a.Time)
	if err := e.SetData(event.ApplicationJSON, a.Data); err != nil {
		return nil, fmt.Errorf("write event %s: %w", a.ID, err)
	}
	text, err := e.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write event %s: %w", a.ID, err)
	}
	return text, nil
}
