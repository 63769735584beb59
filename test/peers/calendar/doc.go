// Package calendar measures the engine's calendar beside github.com/rickar/cal/v2, over the same ten years of
// days off, in the same run. First it checks that both mean the same day.
//
//	cd test/peers/calendar && go test -bench . -benchmem
package calendar
