package definitions

import (
	"encoding/xml"
	"slices"
)

// The elements of SCXML that a definition needs, in the order in which they
// stand; prefixed names are ours.
type (
	scxmlChart struct {
		XMLName   xml.Name     `xml:"scxml"`
		XMLNS     string       `xml:"xmlns,attr"`
		Motcua    string       `xml:"xmlns:motcua,attr"`
		Version   string       `xml:"version,attr"`
		Name      string       `xml:"name,attr"`
		Initial   string       `xml:"initial,attr"`
		Datamodel string       `xml:"datamodel,attr,omitempty"`
		Number    int          `xml:"motcua:version,attr"`
		SHA256    string       `xml:"motcua:sha256,attr"`
		Statutory string       `xml:"motcua:statutory,attr,omitempty"`
		Committed string       `xml:"motcua:committed,attr,omitempty"`
		Starts    string       `xml:"motcua:starts,attr,omitempty"`
		Names     []scxmlName  `xml:"motcua:name"`
		States    []scxmlState `xml:"state"`
	}

	scxmlState struct {
		XMLName      xml.Name          // state or final
		ID           string            `xml:"id,attr"`
		Department   string            `xml:"motcua:department,attr,omitempty"`
		Role         string            `xml:"motcua:role,attr,omitempty"`
		Within       string            `xml:"motcua:within,attr,omitempty"`
		Cell         string            `xml:"motcua:cell,attr,omitempty"`
		Stage        string            `xml:"motcua:stage,attr,omitempty"`
		Clock        string            `xml:"motcua:clock,attr,omitempty"`
		WaitsFor     string            `xml:"motcua:waits_for,attr,omitempty"`
		Outcome      string            `xml:"motcua:outcome,attr,omitempty"`
		PortalStatus string            `xml:"motcua:portal_status,attr,omitempty"`
		Names        []scxmlName       `xml:"motcua:name"`
		Entry        *scxmlEntry       `xml:"onentry"`
		Exit         *scxmlExit        `xml:"onexit"`
		Transitions  []scxmlTransition `xml:"transition"`
	}

	scxmlTransition struct {
		Event    string       `xml:"event,attr"`
		Cond     string       `xml:"cond,attr,omitempty"`
		Target   string       `xml:"target,attr,omitempty"`
		Type     string       `xml:"type,attr,omitempty"`
		By       string       `xml:"motcua:by,attr,omitempty"`
		Print    string       `xml:"motcua:print,attr,omitempty"`
		Comment  string       `xml:"motcua:comment,attr,omitempty"`
		Resume   string       `xml:"motcua:resume,attr,omitempty"`
		Limit    string       `xml:"motcua:limit,attr,omitempty"`
		Extend   string       `xml:"motcua:extend,attr,omitempty"`
		Quorum   string       `xml:"motcua:quorum,attr,omitempty"`
		Approval string       `xml:"motcua:approval,attr,omitempty"`
		Names    []scxmlName  `xml:"motcua:name"`
		Starts   []scxmlStart `xml:"motcua:start"`
		Links    []scxmlLink  `xml:"motcua:link"`
	}

	scxmlEntry struct {
		Send scxmlSend `xml:"send"`
	}

	scxmlExit struct {
		Cancel scxmlCancel `xml:"cancel"`
	}

	scxmlSend struct {
		ID        string `xml:"id,attr"`
		Event     string `xml:"event,attr"`
		Delay     string `xml:"delay,attr,omitempty"`
		DelayExpr string `xml:"delayexpr,attr,omitempty"`
		After     string `xml:"motcua:after,attr"`
	}

	scxmlCancel struct {
		SendID string `xml:"sendid,attr"`
	}

	scxmlStart struct {
		Consultation string `xml:"consultation,attr"`
		Lead         string `xml:"lead,attr,omitempty"`
	}

	scxmlLink struct {
		Link      string `xml:"link,attr"`
		Procedure string `xml:"procedure,attr,omitempty"`
		Partner   string `xml:"partner,attr,omitempty"`
	}

	scxmlName struct {
		Lang string `xml:"xml:lang,attr"`
		Text string `xml:",chardata"`
	}
)

// expresses says whether an attribute of the state is an expression.
func (s scxmlState) expresses() bool {
	return s.Entry != nil && s.Entry.Send.DelayExpr != "" ||
		slices.ContainsFunc(s.Transitions, func(t scxmlTransition) bool { return t.Cond != "" })
}
