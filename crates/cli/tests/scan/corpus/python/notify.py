from b24pysdk import Client


def read(client: Client, number: int):
    return client.im.notify.read(bitrix_id=number).response  #~ use im.notify.read


def by_kind(call, kind: str):
    call(f"im.notify.{kind}.add", {"USER_ID": 1, "MESSAGE": "x"})  #~ computed
    call("im.notify.%s.add" % kind, {"USER_ID": 1, "MESSAGE": "x"})  #~ computed


def title(t, key):
    return t("im.notify." + key)  #~ trap
