-- +goose Up
-- Nobody looks for names beyond an agency, and the commonest stand in a third
-- of all dossiers of a country: each agency has its own.
ALTER TABLE dossier_terms ADD COLUMN agency text;
UPDATE dossier_terms t SET agency = d.agency FROM dossiers d WHERE d.id = t.dossier_id;
ALTER TABLE dossier_terms
    ALTER COLUMN agency SET NOT NULL,
    DROP CONSTRAINT dossier_terms_pkey,
    ADD PRIMARY KEY (agency, term, dossier_id);

-- +goose Down
ALTER TABLE dossier_terms DROP CONSTRAINT dossier_terms_pkey;
ALTER TABLE dossier_terms DROP COLUMN agency;
ALTER TABLE dossier_terms ADD PRIMARY KEY (term, dossier_id);
