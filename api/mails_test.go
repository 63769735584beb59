package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// MailDeliveries is the log of the bureau.
func (b *bureau) MailDeliveries(_ context.Context, f engine.MailLog) ([]engine.MailDelivery, error) {
	if f.Agency != "H00.101" {
		return nil, nil
	}
	at := time.Date(2026, time.November, 17, 7, 31, 0, 0, time.FixedZone("", 7*3600))
	list := []engine.MailDelivery{
		{Notification: 12, Dossier: "H00.101-261117-0002", Officer: "hoa", Channel: engine.NotifyByEmail, Mail: 12, State: engine.MailDead, Attempts: 1, Error: "smtp-550"},
		{Notification: 11, Dossier: "H00.101-261117-0001", Officer: "lan", Channel: engine.NotifyByEmail, Mail: 11, State: engine.MailSent, Attempts: 2, SentAt: at},
	}
	list = slices.DeleteFunc(list, func(d engine.MailDelivery) bool {
		return f.State != "" && d.State != f.State || f.Before > 0 && d.Notification >= f.Before
	})
	return list[:min(len(list), f.Limit)], nil
}

func TestMailDeliveries(t *testing.T) {
	const path = "/api/v1/notifications/deliveries"
	s := newSite(t)
	admin := s.signedIn("quan")
	numbers := func(query string) (out []float64) {
		for _, d := range s.get(path+query, admin).json(t)["deliveries"].([]any) {
			out = append(out, d.(map[string]any)["notification"].(float64))
		}
		return out
	}
	require.Equal(t, []float64{12, 11}, numbers(""))
	require.Equal(t, []float64{11}, numbers("?state=sent"))
	require.Equal(t, []float64{11}, numbers("?before=12"))
	require.Equal(t, []float64{12}, numbers("?limit=1"))
	require.Equal(t, http.StatusUnprocessableEntity, s.get(path+"?state=lost", admin).StatusCode)
	require.Equal(t, http.StatusForbidden, s.get(path, s.signedIn("lan")).StatusCode)
	require.Equal(t, http.StatusForbidden, s.get(path, as(systemKey)).StatusCode)
}
