// Package calendar adds and measures time the way an administrative limit is written: in seconds,
// in civil days, in working days or in working hours of one agency.
//
// A [Spec] is data: the weekly office hours of an agency and the days that depart from them
// (public holidays, compensatory rest, swapped-off days and the make-up working days that repay them).
// A Spec may take its days off from another one ([Resolve]), give departments hours of their own
// ([Calendar.Unit]), and name periods whose days off have not been announced yet ([Calendar.Unannounced]).
// A [Calendar] is a Spec that was checked and indexed. It is immutable, safe for concurrent use and
// pure: it reads no clock, no file and no zone database, so the same question always has the same answer.
//
// The rules of counting are those of the Civil Code 2015 of Viet Nam, articles 146 to 148:
//
//   - a limit in days does not count its first day (art. 147); one in hours runs from the moment;
//   - a month is thirty days (art. 146);
//   - a limit in civil days whose last day is a rest day or a holiday ends at the end of the next
//     working day (art. 148.5).
//
// The end of a day is the agency's closing moment (the end of its last shift), because nothing can be
// handed over at the counter after it; article 148.6 would say 24:00.
//
// Moments are civil time in Viet Nam, a fixed UTC+7. Arithmetic is exact to the millisecond between
// the years 1 and 9999; a moment outside of those years is moved to the nearest end of them.
package calendar
