package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

func TestDossierBulk(t *testing.T) {
	counts := engine.ActCounts{Total: 2, Changed: 1, Refused: 1, Reasons: map[engine.Code]int{engine.CodeHandoffPending: 1}}
	outcomes := []engine.ActOutcome{
		{Dossier: code, Result: engine.ResultChanged},
		{Dossier: "H00.101-261123-0002", Result: engine.ResultRejected, Code: engine.CodeHandoffPending, Message: "it is not accepted yet"},
	}
	act := exampleAct(engine.MigrationDone, counts)
	bulk := []string{"dossier", "bulk", "reassign", "--reason", "san sẻ", "--officer", "minh.tran", "--filter", "department=one-stop"}
	t.Run("previews, and changes nothing", func(t *testing.T) {
		d, dir := office(t, map[string]any{"POST /api/v1/bulk": api.BulkView{Counts: counts, Outcomes: outcomes}})
		r := command(t, append(bulk, "--preview", "--dir", dir, "--as", "lan.nguyen")...)
		require.Equal(t, exitOK, r.code, r.err)
		require.Contains(t, r.out, "would change 1 dossier, keep 1, pass over 0")
		require.Contains(t, r.out, "kept for: handoff-pending 1")
		_, body := d.asked()
		require.JSONEq(t, `{"event":"reassign","reason":"san sẻ","officer":"minh.tran","filter":{"department":"one-stop"},"preview":true,"limit":500}`, body)
	})
	t.Run("carries out, and names each refusal", func(t *testing.T) {
		_, dir := office(t, map[string]any{
			"POST /api/v1/bulk":           api.BulkView{Act: &act, Counts: counts},
			"GET /api/v1/acts/a1":         act,
			"GET /api/v1/acts/a1/results": engine.ActPage{Outcomes: outcomes, Counts: &counts},
		})
		r := command(t, append(bulk, "--dir", dir, "--as", "lan.nguyen")...)
		require.Equal(t, exitRefused, r.code)
		require.Contains(t, r.out, "changed 1 dossier, kept 1")
		require.Contains(t, r.out, "it is not accepted yet")
	})
	t.Run("takes a reason, and filters that can be read", func(t *testing.T) {
		_, dir := office(t, nil)
		require.Equal(t, exitUsage, command(t, "dossier", "bulk", "comment", "--code", code, "--dir", dir, "--as", "lan.nguyen").code)
		require.Equal(t, exitUsage, command(t, "dossier", "bulk", "comment", "--reason", "x", "--filter", "overdue", "--dir", dir, "--as", "lan.nguyen").code)
	})
}

func TestDossierPreviewAndWatch(t *testing.T) {
	preview := engine.Preview{Dossier: code, From: "accepted", To: "refused", Closed: true, Outcome: "refused", Override: true}
	d, dir := office(t, map[string]any{
		"POST /api/v1/dossiers/" + code + "/preview": preview,
		"POST /api/v1/dossiers/" + code + "/watch":   api.WatchBody{Watch: true},
	})
	r := command(t, "dossier", "preview", code, "extend-limit", "--extend", "2wd", "--comment", "x", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, exitOK, r.code, r.err)
	require.Contains(t, r.out, "accepted → refused, closed refused, an override")
	_, body := d.asked()
	require.JSONEq(t, `{"event":"extend-limit","comment":"x","extend":"2wd"}`, body)
	r = command(t, "dossier", "watch", code, "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, result{exitOK, code + " is watched\n", ""}, r)
}
