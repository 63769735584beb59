package engine

import (
	"maps"
	"slices"
	"time"
)

// Migrate moves a dossier from one version of its procedure to another, or
// says why it stays. First time acts up to now under the old rules, as in
// [Decide]; then the state, the open clocks and the rungs that fired are
// carried over; what the new rules make due at once happens now. Both Rules
// hold the calendar the dossier is pinned to, and cmd.Fields what was stored
// with it: values that only conditions of the new version rest on join the
// record. A dossier that stands under the target version already gets an empty
// decision.
//
// Errors: those of [CheckMigration] and [MayControl], CodeNotFound,
// CodeForbidden, CodeDossierClosed, CodeMigrationRefused.
func Migrate(from, to Rules, c Case, m Migration, cmd Command, now time.Time) (Decision, error) {
	now = now.Truncate(time.Millisecond)
	cmd.Event, cmd.Comment = EventMigrate, m.Reason
	if err := mayMigrate(from, to, c, m, cmd.Actor); err != nil {
		return Decision{}, err
	}
	if c.Procedure == to.Ref() {
		return Decision{Case: c, Next: to.Next(c)}, nil
	}
	d := &decider{Rules: from, c: c, cmd: cmd, at: now, now: now, actor: cmd.Actor}
	d.catchUp()
	d.resettle(Clockwork, "")
	g := &migrator{decider: d, from: from.Machine, migration: m, before: d.c}
	if err := g.move(to); err != nil {
		return Decision{}, err
	}
	return d.decision(), nil
}

func mayMigrate(from, to Rules, c Case, m Migration, a Actor) error {
	if err := MayControl(a, ActionMigrate); err != nil {
		return err
	}
	if err := CheckMigration(from.Machine, to.Machine, m); err != nil {
		return err
	}
	switch {
	case !c.Started():
		return Errorf(CodeNotFound, "no such dossier")
	case c.Agency != a.Agency:
		return Errorf(CodeForbidden, "only the dossier's own agency may migrate it")
	case c.Closed():
		return refused(c, CodeDossierClosed, "dossier is closed")
	case c.Procedure != from.Ref() && c.Procedure != to.Ref():
		return stays(c, "it runs under version %d of procedure %s", c.Procedure.Version, c.Procedure.Code)
	}
	return nil
}

// stays is why a dossier is not migrated.
func stays(c Case, format string, args ...any) *Error {
	return refused(c, CodeMigrationRefused, format, args...)
}

// migrator is a decider whose rules change on the way.
type migrator struct {
	*decider
	from      *Machine
	migration Migration
	before    Case  // after time acted, before the move
	here      State // of the old version
	there     State // of the new one
	promised  []int // rungs fired on a committed limit that the new version has not
}

func (g *migrator) move(to Rules) error {
	if g.c.Closed() { // time closed it just now; the next tick will
		return refused(g.c, CodeDossierClosed, "dossier is closed")
	}
	for _, check := range []func(*Machine) error{g.checkState, g.checkPending, g.checkLegal} {
		if err := check(to.Machine); err != nil {
			return err
		}
	}
	g.record(Fact{
		Kind: FactDossierMigrated, Event: EventMigrate, From: g.here.ID, To: g.there.ID, Department: g.there.Department, Role: g.there.Role,
		Officer: g.holder(), Comment: g.migration.Reason,
		Migrated: &Migrated{From: g.before.Procedure, To: to.Ref(), States: g.migration.States, AllowOverdue: g.migration.AllowOverdue},
	})
	g.Rules = to
	g.receiveStored()
	if _, known := g.variant(g.c.Variant); g.c.Variant != "" && !known {
		g.choose()
	}
	if err := g.carryClocks(); err != nil {
		return err
	}
	g.startNew()
	g.overtake()
	return nil
}

// holder keeps the dossier with who holds it, as long as the step stays theirs.
func (g *migrator) holder() string {
	same := g.here.Department == g.there.Department && g.here.Role == g.there.Role &&
		!slices.ContainsFunc(g.here.Actors, func(r RoleIn) bool { return !slices.Contains(g.there.Actors, r) })
	separate := slices.ContainsFunc(g.c.Acted, func(a Acted) bool {
		return a.Officer == g.c.Holder && slices.Contains(g.there.NotSameOfficerAs, renamed(g.migration.States, a.State))
	})
	if !same || separate {
		return ""
	}
	return g.c.Holder
}

// receiveStored puts on record what conditions of the new version rest on and
// those of the old did not. What the old version called personal stays out.
func (g *migrator) receiveStored() {
	stored := maps.Clone(g.cmd.Fields)
	maps.DeleteFunc(stored, func(id string, _ any) bool {
		_, recorded := g.c.Fields[id]
		return recorded || !g.guards.uses(id) || g.from.guards.fields[id].Personal
	})
	g.cmd.Fields = stored
	if given, texts := g.given(); len(given) > 0 {
		g.record(Fact{Kind: FactFieldsReceived, Given: given, Fields: texts})
	}
}
