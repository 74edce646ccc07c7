package main

import "github.com/venuewire/venuewire/gen/spec"

type schemaCmd struct {
	Output string `short:"o" placeholder:"FILE" help:"Write to a file instead."`
}

func (schemaCmd) Help() string {
	return `The schema knows the shape of spec files; what lint checks beyond that no schema can say. Editors take it from the
first line of a spec: # yaml-language-server: $schema=../protogen.schema.json

Examples:

  protogen schema                               print it
  protogen schema -o specs/protogen.schema.json write it, as generate does`
}

// Run prints or writes the schema.
func (c *schemaCmd) Run(e *env) error {
	schema, err := spec.JSONSchema()
	if err != nil {
		return bad("%v", err)
	}
	if c.Output == "" {
		_, err = e.stdout.Write(schema)
		return err
	}
	if err := writeFile(c.Output, schema); err != nil {
		return bad("%v", err)
	}
	return nil
}
