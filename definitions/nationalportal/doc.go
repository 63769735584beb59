// Package nationalportal turns records of the national database of
// administrative procedures (Cơ sở dữ liệu quốc gia về thủ tục hành chính,
// dichvucong.gov.vn) into drafts of definitions.
//
// A record is what people publish for people: tables flattened to text, a
// number without its unit, a fee in words. The importer takes what has one
// meaning and leaves the rest beside it as a comment, under one of the [Kind]s
// of doubt. It never fills in what the record does not say; the internal steps,
// which no record has, come from one template whose times add up to the limit.
package nationalportal
