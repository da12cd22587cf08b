from dashboards import widgets

widgets.title("t")
