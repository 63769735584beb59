package draft

import (
	"reflect"

	"motcua/engine"
)

// WriteOrganisation is the text of an organisation, as [Write] writes that of
// a definition: the text of what was read back is the same organisation.
func WriteOrganisation(o engine.Organisation) []byte {
	w := &writer{said: map[string]bool{}}
	w.mapping(reflect.ValueOf(o), "", 0, false)
	return w.out.Bytes()
}
