// A peer, measured beside ours: a module of its own, so that the product does not inherit its dependencies.
module motcua/test/peers/calendar

go 1.26.8

replace motcua => ../../..

require motcua v0.0.0-00010101000000-000000000000

require github.com/rickar/cal/v2 v2.1.13
