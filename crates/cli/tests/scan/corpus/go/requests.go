package bot

// Request has the names that the portal takes.
type Request struct {
	Dialog string `json:"DIALOG_ID"`
	Text   string `json:"MESSAGE,omitempty"`
	Mark   string `json:"MARKED"`
	inner  string `json:"-"`
}

// Bare has no tags.
type Bare struct {
	DialogID string
	Message  string
}

func (c *Client) Send(dialog, text string) error {
	request := Request{Dialog: dialog, Text: text}
	return c.call("im.message.add", request) //~ use im.message.add
}

func (c *Client) Mark(dialog string) error {
	request := &Request{Dialog: dialog, Mark: "Y"}
	return c.call("im.message.add", request) //~ use im.message.add; unknown-parameter im.message.add MARKED
}

func (c *Client) Later(dialog string) error {
	request := Request{Dialog: dialog}
	request.Text = "x"
	return c.call("im.message.add", request) //~ use im.message.add
}

func (c *Client) Bare(dialog string) error {
	return c.call("im.message.add", Bare{DialogID: dialog, Message: "x"}) //~ use im.message.add
}

func (c *Client) Other(dialog string) error {
	return c.call("im.message.add", other.Request{DialogID: dialog}) //~ use im.message.add
}

func (c *Client) Map(dialog string) error {
	url := c.base + "/im.message.add" //~ use im.message.add; unknown-parameter im.message.add TEXT; missing-parameter im.message.add MESSAGE
	return c.post(url, map[string]any{"DIALOG_ID": dialog, "TEXT": "x"})
}

func (c *Client) Chosen(isRead bool, dialog string) error {
	method := "im.dialog.read" //~ use im.dialog.read
	if !isRead {
		method = "im.dialog.unread" //~ use im.dialog.unread
	}
	return c.call(method, map[string]any{"DIALOG_ID": dialog, "WHY": "x"}) //~ trap
}
