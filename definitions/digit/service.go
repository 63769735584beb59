package digit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"motcua/engine"
)

// service is a BusinessService as DIGIT's workflow service writes it. Times
// are milliseconds.
type service struct {
	Tenant   string      `json:"tenantId"`
	Name     string      `json:"businessService"`
	Business string      `json:"business"`
	SLA      json.Number `json:"businessServiceSla"`
	States   []state     `json:"states"`
}

type state struct {
	Name     string      `json:"state"` // none: the state before the first action
	Status   string      `json:"applicationStatus"`
	SLA      json.Number `json:"sla"`
	Papers   bool        `json:"docUploadRequired"`
	Start    bool        `json:"isStartState"`
	Terminal bool        `json:"isTerminateState"`
	Editable bool        `json:"isStateUpdatable"`
	Actions  []action    `json:"actions"`
}

type action struct {
	Name  string   `json:"action"`
	Next  string   `json:"nextState"`
	Roles []string `json:"roles"`
}

// services reads a file: one service, a list, or a list under
// "BusinessServices", as DIGIT answers a search. What else a file holds is
// passed over. The error is CodeInvalid.
func services(data []byte) ([]service, error) {
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\ufeff"))
	var list []service
	var file struct {
		service
		List json.RawMessage `json:"BusinessServices"`
	}
	err := unmarshal(data, &list)
	if !bytes.HasPrefix(data, []byte("[")) {
		if err = unmarshal(data, &file); err == nil && file.List != nil {
			err = unmarshal(file.List, &list)
		} else if err == nil {
			list = []service{file.service}
		}
	}
	switch {
	case err != nil:
		return nil, engine.Errorf(engine.CodeInvalid, "no workflow of DIGIT: %v", err)
	case len(list) == 0:
		return nil, engine.Errorf(engine.CodeInvalid, "no workflow of DIGIT: the file lists none")
	}
	for _, s := range list {
		if s.Name == "" && len(s.States) == 0 {
			return nil, engine.Errorf(engine.CodeInvalid, "no workflow of DIGIT: neither businessService nor states")
		}
	}
	return list, nil
}

// unmarshal reads one value and nothing behind it.
func unmarshal(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}
