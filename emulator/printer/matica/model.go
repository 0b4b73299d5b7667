package matica

// Geometry of the panels of one model.
type Geometry struct {
	DPI                   int
	Columns, Rows         int // of an image
	CardColumns, CardRows int // of a CR80 card
	Turned                bool
}

// The two engines: 300 dpi as the image lies, 600 dpi turned by 180 degrees.
var (
	engine300 = Geometry{DPI: 300, Columns: 1036, Rows: 664, CardColumns: 1011, CardRows: 638}
	engine600 = Geometry{DPI: 600, Columns: 2072, Rows: 1328, CardColumns: 2022, CardRows: 1275, Turned: true}
)

func geometryOf(model string) Geometry {
	if model == "XID8600" {
		return engine600
	}
	return engine300
}

func (g Geometry) size() int { return g.Columns * g.Rows }
