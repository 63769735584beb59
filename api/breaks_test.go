package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// object is a part of a decoded OpenAPI document.
type object map[string]any

// at goes down by names; what is not there is empty.
func (o object) at(steps ...string) object {
	for _, s := range steps {
		next, _ := o[s].(map[string]any)
		o = next
	}
	return o
}

func (o object) list(name string) []any { out, _ := o[name].([]any); return out }

func (o object) text(name string) string { out, _ := o[name].(string); return out }

func (o object) has(list, value string) bool { return slices.Contains(o.list(list), any(value)) }

// breaks lists what a client written for one document could stumble over in
// another, place by place.
func breaks(before, after object) []string {
	c := &comparison{before: before, after: after}
	for path, methods := range before.at("paths") {
		for method := range methods.(map[string]any) {
			where := strings.ToUpper(method) + " " + path
			then, now := before.at("paths", path, method), after.at("paths", path, method)
			if now == nil {
				c.say(where, "the route is gone")
				continue
			}
			c.parameters(where, then, now)
			c.body(where, then.at("requestBody"), now.at("requestBody"))
			c.answers(where, then.at("responses"), now.at("responses"))
		}
	}
	slices.Sort(c.found)
	return slices.Compact(c.found)
}

type comparison struct {
	before, after object
	found         []string
}

func (c *comparison) say(where, format string, args ...any) {
	c.found = append(c.found, where+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) parameters(where string, then, now object) {
	listed := func(of object) map[string]object {
		out := map[string]object{}
		for _, p := range of.list("parameters") {
			o := object(p.(map[string]any))
			out[o.text("in")+" parameter "+o.text("name")] = o
		}
		return out
	}
	was, is := listed(then), listed(now)
	for name, p := range was {
		if is[name] == nil {
			c.say(where+" "+name, "it is gone")
			continue
		}
		c.schema(where+" "+name, p.at("schema"), is[name].at("schema"), true, nil)
	}
	for name, p := range is {
		if p["required"] == true && (was[name] == nil || was[name]["required"] != true) {
			c.say(where+" "+name, "it is required now")
		}
	}
}

func (c *comparison) body(where string, then, now object) {
	for media := range then.at("content") {
		taken := now.at("content", media)
		if taken == nil {
			c.say(where+" body as "+media, "it is not taken any more")
			continue
		}
		c.schema(where+" body", then.at("content", media, "schema"), taken.at("schema"), true, nil)
	}
	if now["required"] == true && then["required"] != true {
		c.say(where+" body", "it is required now")
	}
}

func (c *comparison) answers(where string, then, now object) {
	for status := range then {
		if now.at(status) == nil {
			c.say(where+" answer "+status, "it is gone")
			continue
		}
		for media := range then.at(status, "content") {
			if now.at(status, "content", media) == nil {
				c.say(where+" answer "+status, "it is not given as %s any more", media)
				continue
			}
			c.schema(where+" "+status, then.at(status, "content", media, "schema"), now.at(status, "content", media, "schema"), false, nil)
		}
	}
}

// resolved follows a reference.
func resolved(document, schema object) object {
	if name, ok := strings.CutPrefix(schema.text("$ref"), "#/components/schemas/"); ok {
		return document.at("components", "schemas", name)
	}
	return schema
}

// schema compares what is sent (in) or answered at a place. The names seen on
// the way end the descent into a type that holds itself.
func (c *comparison) schema(where string, then, now object, in bool, seen []string) {
	if name := then.text("$ref"); name != "" {
		if slices.Contains(seen, name) {
			return
		}
		seen = append(slices.Clone(seen), name)
	}
	then, now = resolved(c.before, then), resolved(c.after, now)
	if was, is := fmt.Sprint(then["type"]), fmt.Sprint(now["type"]); was != is {
		c.say(where, "its type was %s and is %s", was, is)
		return
	}
	if was, is := then.text("format"), now.text("format"); was != is {
		c.say(where, "its format was %s and is %s", was, is)
	}
	c.choices(where, then, now, in)
	if in {
		c.bounds(where, then, now)
	}
	c.properties(where, then, now, in, seen)
	if then.at("items") != nil {
		c.schema(where+"[]", then.at("items"), now.at("items"), in, seen)
	}
	if then.at("additionalProperties") != nil {
		c.schema(where+"{}", then.at("additionalProperties"), now.at("additionalProperties"), in, seen)
	}
}

// choices: a value that is gone is missed by whoever sends it, and by whoever
// waits for it. That there are more is an addition, which clients bear.
func (c *comparison) choices(where string, then, now object, in bool) {
	if in && len(then.list("enum")) == 0 && len(now.list("enum")) > 0 {
		c.say(where, "only some values are taken now")
	}
	for _, v := range then.list("enum") {
		if len(now.list("enum")) > 0 && !slices.Contains(now.list("enum"), v) {
			c.say(where, "%v is no choice any more", v)
		}
	}
}

// bounds finds those that became narrower.
func (c *comparison) bounds(where string, then, now object) {
	for name, upper := range map[string]bool{"maxLength": true, "maximum": true, "maxItems": true, "minLength": false, "minimum": false, "minItems": false} {
		was, bounded := then[name].(float64)
		is, bounds := now[name].(float64)
		if bounds && (!bounded || upper && is < was || !upper && is > was) {
			c.say(where, "%s was %s and is %v", name, number(then[name]), is)
		}
	}
	if was, is := then.text("pattern"), now.text("pattern"); is != "" && was != is {
		c.say(where, "its pattern was %q and is %q", was, is)
	}
}

func number(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

func (c *comparison) properties(where string, then, now object, in bool, seen []string) {
	for _, name := range slices.Sorted(maps.Keys(then.at("properties"))) {
		if now.at("properties", name) == nil {
			c.say(where+"."+name, "it is gone")
			continue
		}
		if !in && then.has("required", name) && !now.has("required", name) {
			c.say(where+"."+name, "it may be absent now")
		}
		c.schema(where+"."+name, then.at("properties", name), now.at("properties", name), in, seen)
	}
	for _, name := range now.list("required") {
		if in && !then.has("required", name.(string)) {
			c.say(where+"."+name.(string), "it is required now")
		}
	}
}
