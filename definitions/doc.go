// Package definitions reads what admins write: procedure definitions,
// calendars and organisations as YAML. It decodes strictly, hands the result to
// the engine to be compiled, and gives every complaint its place in the file. It
// also ships the procedures, calendars and the example organisations themselves.
package definitions
