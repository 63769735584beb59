module cachedir.motcua

go 1.26.8
