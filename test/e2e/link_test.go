package e2e_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"motcua/engine"
	"motcua/workflows/contract"
)

// chain reads the linked dossiers of a dossier of the commune.
func chain(t *testing.T, dossier string) []engine.ChainPart {
	t.Helper()
	parts, err := w.ledger.Chain(t.Context(), commune, dossier)
	require.NoError(t, err)
	return parts
}

// partOpened waits until the newest linked dossier is a certain one and open,
// and returns its code.
func partOpened(t *testing.T, dossier, link string) string {
	t.Helper()
	code := ""
	eventually(t, link+" is open", func() bool {
		parts := chain(t, dossier)
		if n := len(parts); n > 0 && parts[n-1].Link == link {
			code = parts[n-1].Dossier
		}
		return code != ""
	})
	return code
}

// requireChild says that the workflow of a linked dossier was started by the
// one of the dossier that asked for it.
func requireChild(t *testing.T, parent, child string) {
	t.Helper()
	eventually(t, "its workflow is a child", func() bool {
		for _, e := range history(t, parent).GetEvents() {
			if e.GetEventType() == enumspb.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED &&
				e.GetChildWorkflowExecutionStartedEventAttributes().GetWorkflowExecution().GetWorkflowId() == contract.WorkflowID(child) {
				return true
			}
		}
		return false
	})
}

// lifeEvent starts birth, residence and health insurance in one, as the ward
// has accepted it, and returns its code.
func lifeEvent(t *testing.T) string {
	t.Helper()
	r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "", map[string]any{
		"procedure": "LT.2000986", "channel": "online", "components": []string{"declaration"},
		"applicant": map[string]any{"name": applicant},
		"fields": map[string]any{
			"child.full_name": "Nguyễn Bí Mật", "child.born_on": "2026-11-05", "parent.identity_number": "001190012345",
			"residence.address": "Số 5", "hospital.name": "Bệnh viện phụ sản", "birth.proof": "database",
		},
	})
	require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
	var started struct{ Code string }
	r.into(t, &started)
	fire(t, reception, started.Code, "accept")
	return started.Code
}

// play fires events of a linked dossier, each as one of its agency's officers.
func play(t *testing.T, dossier string, steps ...[2]string) {
	t.Helper()
	for _, step := range steps {
		fire(t, step[0], dossier, step[1])
	}
}

var registersBirth = [][2]string{{officer, "approve"}, {officer, "submit"}, {signer, "accept-handoff"}, {signer, "sign"}}

// TestLifeEvent takes a life event through three agencies on real servers, and
// the citizen through one code.
func TestLifeEvent(t *testing.T) {
	whole := lifeEvent(t)
	registration := partOpened(t, whole, "birth")
	requireChild(t, whole, registration)
	play(t, registration, registersBirth...)
	residence := partOpened(t, whole, "residence")
	requireChild(t, whole, residence)
	play(t, residence, [2]string{"loi.cao", "claim"})
	eventually(t, "the ward hears that the police have taken it up", func() bool {
		for _, f := range facts(t, whole) {
			if f.Kind == engine.FactLinkAcknowledged && f.Linked.Link == "residence" {
				return true
			}
		}
		return false
	})
	play(t, residence, [2]string{"loi.cao", "register"}, [2]string{"toan.lam", "approve"}, [2]string{"loi.cao", "issue"})
	card := partOpened(t, whole, "insurance")
	play(t, card, [2]string{"thuong.doan", "submit"}, [2]string{"hoang.luc", "accept-handoff"}, [2]string{"hoang.luc", "approve"},
		[2]string{"thuong.doan", "accept-handoff"}, [2]string{"thuong.doan", "issue"})
	eventually(t, "the result is there", func() bool { return show(t, whole).State == "result-ready" })
	fire(t, reception, whole, "hand-over")

	agencies := map[string]bool{}
	for _, part := range chain(t, whole) {
		agencies[part.Agency] = true
		require.Equal(t, "resolved", part.Outcome, "%+v", part)
		require.NoError(t, w.ledger.Verify(t.Context(), part.Dossier))
	}
	require.Len(t, agencies, 3)
	require.Equal(t, engine.StatusClosed, show(t, whole).Status)
	require.NoError(t, w.ledger.Verify(t.Context(), whole))
}

// TestWithdrawnLifeEvent ends the whole while a part runs: the part hears of it.
func TestWithdrawnLifeEvent(t *testing.T) {
	whole := lifeEvent(t)
	registration := partOpened(t, whole, "birth")
	requireChild(t, whole, registration)
	play(t, registration, registersBirth...)
	residence := partOpened(t, whole, "residence")
	requireChild(t, whole, residence)
	fire(t, "portal", whole, "withdraw")
	eventually(t, "the part hears of it", func() bool { return chain(t, whole)[1].Status == engine.StatusClosed })
	eventually(t, "its workflow has ended", func() bool { return ended(t, residence) })
	for _, dossier := range []string{whole, registration, residence} {
		require.NoError(t, w.ledger.Verify(t.Context(), dossier))
	}
	keep(t, "linked", whole)
	keep(t, "linked-part", residence)
}
