package config_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"motcua/internal/config"
)

// read lists the variables that a process reads, by the tags of the fields.
func read(of reflect.Type) (names []string) {
	for field := range of.Fields() {
		if tag, ok := field.Tag.Lookup("env"); ok {
			name, _, _ := strings.Cut(tag, ",")
			names = append(names, name)
		} else if field.Anonymous {
			names = append(names, read(field.Type)...)
		}
	}
	return names
}

var variables = read(reflect.TypeFor[config.Config]())

// others are read by the libraries of PostgreSQL and Temporal.
var others = regexp.MustCompile(`^(PG[A-Z]+|TEMPORAL_[A-Z_]+)$`)

func manifest(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../docker/" + name)
	require.NoError(t, err)
	return text
}

// process is how a manifest starts one: what it is told, where its files lie.
type process struct {
	name  string
	env   map[string]string
	files []string // directories
}

// check loads the environment as the process would.
func (p process) check(t *testing.T) config.Config {
	t.Helper()
	for _, name := range variables {
		t.Setenv(name, "")
	}
	for name, value := range p.env {
		require.True(t, slices.Contains(variables, name) || others.MatchString(name), "%s: nobody reads %s", p.name, name)
		if name == "MOTCUA_AUDIT_KEY_FILE" || name == "MOTCUA_OIDC_CLIENT_SECRET_FILE" {
			continue // read at once, and not there
		}
		t.Setenv(name, value)
	}
	c, err := config.Load()
	require.NoError(t, err, p.name)
	_, err = c.NeedDatabase()
	require.NoError(t, err, p.name)
	for _, name := range []string{"MOTCUA_KEYS_FILE", "PGPASSFILE"} {
		if file, named := p.env[name]; named && (name != "MOTCUA_KEYS_FILE" || p.name != "migrate") {
			require.Contains(t, p.files, path.Dir(file), "%s: %s is not mounted", p.name, name)
		}
	}
	if p.name == "migrate" {
		return c
	}
	require.NoError(t, c.NeedKeys(), p.name)
	require.NotEmpty(t, p.env["TEMPORAL_ADDRESS"], p.name)
	require.NotEmpty(t, p.env["TEMPORAL_NAMESPACE"], p.name)
	require.NotEmpty(t, c.MetricsListen, "%s has neither metrics nor health", p.name)
	if p.name == "api" {
		require.NoError(t, c.NeedApart())
		require.False(t, config.Loopback(c.Listen), "nobody could reach it")
		require.False(t, c.DevSignIn)
	}
	return c
}

// defaulted is ${NAME:-default} of Compose.
var defaulted = regexp.MustCompile(`\$\{([A-Z_]+):-([^}]*)\}`)

func TestCompose(t *testing.T) {
	var file struct {
		Services map[string]struct {
			Image       string
			Command     []string
			Environment map[string]string
			Secrets     []string
			Healthcheck struct{ Test []string }
		}
		Secrets map[string]struct{ File string }
	}
	text := manifest(t, "compose.yaml")
	for _, found := range defaulted.FindAllSubmatch(text, -1) {
		name := string(found[1])
		require.True(t, slices.Contains(variables, name) || name == "MOTCUA_VERSION" || name == "MOTCUA_PORT", "nobody reads %s", name)
	}
	require.NoError(t, yaml.Unmarshal(defaulted.ReplaceAll(text, []byte("$2")), &file))
	image := imageEnvironment(t)
	for _, name := range []string{"api", "worker", "migrate"} {
		s, ok := file.Services[name]
		require.True(t, ok, name)
		require.Equal(t, []string{name}, s.Command)
		for _, secret := range s.Secrets {
			require.Contains(t, file.Secrets, secret, name)
		}
		p := process{name: name, env: map[string]string{}, files: []string{"/run/secrets"}}
		for _, from := range []map[string]string{image, s.Environment} {
			for variable, value := range from {
				p.env[variable] = value
			}
		}
		require.Contains(t, s.Secrets, path.Base(p.env["PGPASSFILE"]), name)
		require.Contains(t, s.Secrets, path.Base(p.env["MOTCUA_KEYS_FILE"]), name)
		c := p.check(t)
		switch name {
		case "api":
			require.Contains(t, s.Healthcheck.Test, "http://127.0.0.1"+port(c.Listen)+"/readyz")
		case "worker":
			require.Contains(t, s.Healthcheck.Test, "http://127.0.0.1"+port(c.MetricsListen)+"/readyz")
			require.Contains(t, s.Environment, "MOTCUA_SMTP_URL")
			require.Contains(t, s.Environment, "MOTCUA_SMTP_FROM")
		}
	}
}

// imageEnvironment is what the image of motcua itself sets.
func imageEnvironment(t *testing.T) map[string]string {
	t.Helper()
	env := map[string]string{}
	for line := range strings.Lines(string(manifest(t, "Dockerfile"))) {
		if pairs, ok := strings.CutPrefix(line, "ENV MOTCUA_"); ok {
			for pair := range strings.FieldsSeq("MOTCUA_" + pairs) {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
		}
	}
	require.NotEmpty(t, env)
	return env
}

func port(address string) string { return address[strings.LastIndex(address, ":"):] }

// probe is what Kubernetes asks of a container.
type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Template struct {
			Spec struct {
				Containers []struct {
					Name    string
					Args    []string
					EnvFrom []struct {
						ConfigMapRef struct{ Name string } `yaml:"configMapRef"`
					} `yaml:"envFrom"`
					Env []struct {
						Name, Value string
						ValueFrom   struct {
							SecretKeyRef struct {
								Name, Key string
								Optional  bool
							} `yaml:"secretKeyRef"`
						} `yaml:"valueFrom"`
					}
					VolumeMounts []struct {
						Path   string `yaml:"mountPath"`
						Volume string `yaml:"name"`
					} `yaml:"volumeMounts"`
					Ports []struct {
						Name          string
						ContainerPort string `yaml:"containerPort"`
					}
					StartupProbe   probe `yaml:"startupProbe"`
					LivenessProbe  probe `yaml:"livenessProbe"`
					ReadinessProbe probe `yaml:"readinessProbe"`
				}
				Volumes []struct{ Name string }
			}
		}
	}
}

func objects(t *testing.T, name string) (list []object) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(manifest(t, "k8s/"+name)))
	for {
		var o object
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err, name)
		list = append(list, o)
	}
}

func TestKubernetes(t *testing.T) {
	shared := objects(t, "config.yaml")[0]
	require.Equal(t, "ConfigMap", shared.Kind)
	for _, name := range []string{"api", "worker", "migrate"} {
		pod := objects(t, name+".yaml")[0].Spec.Template.Spec
		require.Len(t, pod.Containers, 1)
		c := pod.Containers[0]
		require.Equal(t, []string{name}, c.Args)
		require.Equal(t, shared.Metadata.Name, c.EnvFrom[0].ConfigMapRef.Name)
		p := process{name: name, env: map[string]string{}}
		for variable, value := range shared.Data {
			p.env[variable] = value
		}
		for _, e := range c.Env {
			p.env[e.Name] = e.Value
			require.True(t, e.Value != "" || e.ValueFrom.SecretKeyRef.Optional, "%s: it starts without the Secret of %s", name, e.Name)
		}
		for _, m := range c.VolumeMounts {
			p.files = append(p.files, m.Path)
			require.True(t, slices.ContainsFunc(pod.Volumes, func(v struct{ Name string }) bool { return v.Name == m.Volume }), "%s: %s", name, m.Volume)
		}
		loaded := p.check(t)
		if name == "migrate" {
			require.NotEqual(t, shared.Data["DATABASE_URL"], loaded.DatabaseURL, "it is not who serves")
			continue
		}
		ports := map[string]string{}
		for _, at := range c.Ports {
			ports[at.Name] = ":" + at.ContainerPort
		}
		require.Equal(t, port(loaded.MetricsListen), ports["metrics"], name)
		asked := "metrics"
		if name == "api" {
			asked = "http"
			require.Equal(t, port(loaded.Listen), ports["http"])
		}
		for path, pr := range map[string]probe{"/healthz": c.LivenessProbe, "/readyz": c.ReadinessProbe} {
			require.Equal(t, path, pr.HTTPGet.Path, name)
			require.Equal(t, asked, pr.HTTPGet.Port, name)
		}
		require.Equal(t, asked, c.StartupProbe.HTTPGet.Port, name)
	}
}

// TestVariablesAreDocumented: docs/operations.md knows every variable.
func TestVariablesAreDocumented(t *testing.T) {
	require.Greater(t, len(variables), 25)
	page, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	for _, name := range variables {
		if strings.HasPrefix(name, "OTEL_") { // OpenTelemetry's own; the page tells them by families
			continue
		}
		short := strings.TrimPrefix(name, "MOTCUA_OIDC_CLIENT") // told as `…_SECRET_FILE`
		require.True(t, bytes.Contains(page, []byte("`"+name+"`")) || short == "_SECRET_FILE" && bytes.Contains(page, []byte("`…"+short+"`")), name)
	}
}
