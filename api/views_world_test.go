package api_test

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"motcua/engine"
)

// shelf keeps views in memory.
type shelf struct {
	mu   sync.Mutex
	held []engine.View
}

func (s *shelf) find(a engine.Actor, id string) (int, error) {
	i := slices.IndexFunc(s.held, func(v engine.View) bool { return v.ID == id && v.VisibleTo(a) })
	if i < 0 {
		return i, engine.Errorf(engine.CodeNotFound, "no view %s", id)
	}
	return i, nil
}

func (s *shelf) Views(_ context.Context, a engine.Actor) ([]engine.View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.held), func(v engine.View) bool { return !v.VisibleTo(a) }), nil
}

func (s *shelf) View(_ context.Context, a engine.Actor, id string) (engine.View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.find(a, id)
	if err != nil {
		return engine.View{}, err
	}
	return s.held[i], nil
}

func (s *shelf) PutView(_ context.Context, a engine.Actor, v engine.View) (engine.View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := v.Allowed(a); err != nil {
		return v, err
	}
	if v.ID != "" {
		i, err := s.find(a, v.ID)
		if err == nil && !s.held[i].ChangedBy(a) {
			err = engine.Errorf(engine.CodeWrongRole, "the view is %s's", s.held[i].Owner)
		}
		if err != nil {
			return v, err
		}
		v.Owner = s.held[i].Owner
		s.held[i] = v
		return v, nil
	}
	v.ID, v.Owner = "v"+strconv.Itoa(len(s.held)+1), a.ID
	s.held = append(s.held, v)
	return v, nil
}

func (s *shelf) DropView(_ context.Context, a engine.Actor, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := s.find(a, id)
	if err == nil && !s.held[i].ChangedBy(a) {
		err = engine.Errorf(engine.CodeWrongRole, "the view is %s's", s.held[i].Owner)
	}
	if err == nil {
		s.held = slices.Delete(s.held, i, i+1)
	}
	return err
}
