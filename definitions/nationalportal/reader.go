package nationalportal

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"motcua/engine"
)

// MaxLine is the most bytes one record may take; the longest seen takes 60 kB.
const MaxLine = 2 << 20

// errTooLong is a line of more than [MaxLine] bytes.
var errTooLong = fmt.Errorf("the line is longer than %d MiB", MaxLine>>20)

// plain is the text of a file that may be compressed with gzip, whatever it is
// called. The error is CodeInvalid for what begins like gzip and is not.
func plain(in io.Reader) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(in, 64<<10)
	magic, _ := buffered.Peek(2) // a shorter text is not compressed; reading it will say what is wrong
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	unzipped, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, engine.Errorf(engine.CodeInvalid, "read gzip: %v", err)
	}
	return bufio.NewReaderSize(unzipped, 64<<10), nil
}

// lines hands each line that holds something to do, with its number. What a
// line holds beyond [MaxLine] is passed over unread, and the line is nil.
func lines(in *bufio.Reader, do func(number int, line []byte) error) error {
	for number := 1; ; number++ {
		line, err := nextLine(in)
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		long := errors.Is(err, errTooLong)
		if long || len(bytes.TrimSpace(line)) > 0 {
			if err := do(number, bytes.TrimSpace(line)); err != nil {
				return err
			}
		}
		switch {
		case long, err == nil:
		case errors.Is(err, io.EOF):
			return nil
		default:
			return readFailed(number, err)
		}
	}
}

// readFailed tells a damaged file from one that cannot be read.
func readFailed(number int, err error) error {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return engine.Errorf(engine.CodeInvalid, "the file is damaged from line %d on: %v", number, err)
	}
	return fmt.Errorf("read line %d: %w", number, err)
}

// nextLine reads up to the next line break. The error is errTooLong, io.EOF
// after the last line, or that of the reader.
func nextLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > MaxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong // at the end of the input, the next call says so
		}
		return line, err
	}
}
